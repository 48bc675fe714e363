import { CommandRunner, SubCommand } from 'nest-commander';
import { FirstAccess } from '../admin/first-access.js';
import { TenantAnalyzerGrants } from '../admin/tenant-analyzer-grants.js';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { publicId } from '../common/ids.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { Quotas } from '../usage/quotas.js';
import { NAME, Takes } from './command-options.js';
import { NamedTenant } from './named-tenant.js';
import { requireReason, slugsOf } from './option-values.js';
import { instantOf, quotasOf } from './quota-options.js';
import { Terminal } from './terminal.js';

interface QuotaOptions {
  readonly set?: string;
  readonly reason?: string;
  readonly expiresAt?: string;
}

@SubCommand({ name: 'quotas', arguments: '<tenant>', description: 'Limits of a tenant and how much of them is used' })
@Takes(
  {
    flags: '--set <list>',
    description: 'All exceptions from its plan, such as daily=20000,queued=500; none ends them',
  },
  { flags: '--reason <reason>', description: 'Why; needed to set any' },
  { flags: '--expires-at <date>', description: 'When they end; never unless given' },
)
export class TenantQuotasCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly administration: TenantAdministration,
    private readonly quotas: Quotas,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[], { set, reason, expiresAt }: QuotaOptions): Promise<void> {
    const id = await this.named.id(name);
    if (set !== undefined) {
      const until = instantOf('--expires-at', expiresAt);
      const overrides = set === 'none' ? [] : quotasOf(set, requireReason(reason), until);
      await this.administration.setQuotas(id, overrides, SYSTEM_ACTOR);
    }
    this.terminal.print((await this.quotas.list(id)).data);
  }
}

@SubCommand({
  name: 'analyzers',
  arguments: '<tenant> <slugs>',
  description: 'Set which analyzers a tenant may use, separated by commas; all others end',
})
export class TenantAnalyzersCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly grants: TenantAnalyzerGrants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name, slugs = '']: string[]): Promise<void> {
    const analyzers = [...new Set(slugsOf(slugs))];
    await this.grants.set(await this.named.id(name), analyzers, SYSTEM_ACTOR);
    this.terminal.print({ analyzers: analyzers.sort() });
  }
}

@SubCommand({
  name: 'invite-owner',
  arguments: '<tenant>',
  description: 'Invite the first owner of a tenant, or make a new link for one who did not accept yet',
})
@Takes({ flags: '--email <address>', description: 'To whom the invitation is', required: true }, NAME)
export class TenantInviteOwnerCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly access: FirstAccess,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([tenant]: string[], who: { email: string; name?: string }): Promise<void> {
    const { member, link } = await this.access.invite(await this.named.id(tenant), who, SYSTEM_ACTOR);
    this.terminal.print({ id: publicId('member', member.id), email: member.email, link });
  }
}
