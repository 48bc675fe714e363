import { CommandRunner, SubCommand } from 'nest-commander';
import { DeleteTenantDto } from '../admin/dto/change-tenant.dto.js';
import { SuspendTenantDto } from '../admin/dto/suspend-tenant.dto.js';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { checked } from './checked.js';
import { REASON, Takes } from './command-options.js';
import { NamedTenant } from './named-tenant.js';
import { Terminal } from './terminal.js';

const DEFAULT_GRACE_DAYS = 30;

@SubCommand({ name: 'suspend', arguments: '<tenant>', description: 'Refuse every request of a tenant' })
@Takes(REASON)
export class TenantSuspendCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly tenants: PlatformTenants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[], options: object): Promise<void> {
    const { reason } = await checked(SuspendTenantDto, options);
    const { slug, status } = await this.tenants.suspend(await this.named.id(name), reason, SYSTEM_ACTOR);
    this.terminal.print({ slug, status });
  }
}

@SubCommand({ name: 'resume', arguments: '<tenant>', description: 'End a suspension, or take a deletion back' })
export class TenantResumeCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly tenants: PlatformTenants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[]): Promise<void> {
    const { slug, status } = await this.tenants.resume(await this.named.id(name), SYSTEM_ACTOR);
    this.terminal.print({ slug, status });
  }
}

@SubCommand({
  name: 'delete',
  arguments: '<tenant>',
  description: 'Suspend a tenant and remove its data after a time of grace',
})
@Takes(REASON, {
  flags: '--grace-days <days>',
  description: 'Days in which it can be taken back; 30 unless given',
  read: Number,
})
export class TenantDeleteCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly administration: TenantAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[], options: object): Promise<void> {
    const { reason, graceDays = DEFAULT_GRACE_DAYS } = await checked(DeleteTenantDto, options);
    const id = await this.named.id(name);
    await this.administration.remove(id, reason, graceDays, SYSTEM_ACTOR);
    const { status, deleteAfter } = await this.administration.settings(id);
    this.terminal.print({ status, deleteAfter });
  }
}
