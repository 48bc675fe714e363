import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { NamedTenant } from './named-tenant.js';
import { requireReason, requireWholeNumber } from './option-values.js';
import { Terminal } from './terminal.js';

const DEFAULT_GRACE_DAYS = 30;

interface Options {
  readonly reason?: string;
  readonly graceDays?: number;
}

@SubCommand({ name: 'suspend', arguments: '<tenant>', description: 'Refuse every request of a tenant' })
export class TenantSuspendCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly tenants: PlatformTenants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[], { reason }: Options): Promise<void> {
    const { slug, status } = await this.tenants.suspend(await this.named.id(name), requireReason(reason), SYSTEM_ACTOR);
    this.terminal.print({ slug, status });
  }

  @Option({ flags: '--reason <reason>', description: 'Kept, and shown to operators', required: true })
  reason(text: string): string {
    return text;
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
export class TenantDeleteCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly administration: TenantAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[], { reason, graceDays = DEFAULT_GRACE_DAYS }: Options): Promise<void> {
    requireWholeNumber('--grace-days', graceDays, 0, 365);
    const id = await this.named.id(name);
    await this.administration.remove(id, requireReason(reason), graceDays, SYSTEM_ACTOR);
    const { status, deleteAfter } = await this.administration.settings(id);
    this.terminal.print({ status, deleteAfter });
  }

  @Option({ flags: '--reason <reason>', description: 'Kept in the audit log', required: true })
  reason(text: string): string {
    return text;
  }

  @Option({ flags: '--grace-days <days>', description: 'Days in which it can be taken back; 30 unless given' })
  graceDays(text: string): number {
    return Number(text);
  }
}
