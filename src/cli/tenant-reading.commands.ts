import { CommandRunner, SubCommand } from 'nest-commander';
import { TenantActivityRepository } from '../admin/tenant-activity.repository.js';
import { TenantExport } from '../admin/tenant-export.js';
import { TenantOnboardingFacts } from '../admin/tenant-onboarding-facts.js';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { publicId } from '../common/ids.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { AllTenants } from './all-tenants.js';
import { NamedTenant } from './named-tenant.js';
import { Terminal } from './terminal.js';

@SubCommand({ name: 'list', description: 'All tenants' })
export class TenantListCommand extends CommandRunner {
  constructor(
    private readonly all: AllTenants,
    private readonly activity: TenantActivityRepository,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    const tenants = await this.all.list();
    const activity = new Map((await this.activity.of(tenants.map(({ id }) => id))).map((a) => [a.tenantId, a]));
    this.terminal.print(
      tenants.map(({ id, slug, name, status, weight, hosts }) => {
        const { analyzers = [], jobs } = activity.get(id) ?? {};
        return { id: publicId('tenant', id), slug, name, status, weight, hosts, analyzers, jobs };
      }),
    );
  }
}

@SubCommand({ name: 'show', arguments: '<tenant>', description: 'Settings of a tenant, and what it still lacks' })
export class TenantShowCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly tenants: PlatformTenants,
    private readonly administration: TenantAdministration,
    private readonly facts: TenantOnboardingFacts,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[]): Promise<void> {
    const id = await this.named.id(name);
    const { slug, hosts } = await this.tenants.get(id);
    const { tag: _tag, ...settings } = await this.administration.settings(id);
    this.terminal.print({ id: publicId('tenant', id), slug, hosts, ...settings, onboarding: await this.facts.of(id) });
  }
}

@SubCommand({ name: 'export', arguments: '<tenant>', description: 'One JSON of a tenant, without inputs and results' })
export class TenantExportCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly exports: TenantExport,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[]): Promise<void> {
    this.terminal.printJson(await this.exports.of(await this.named.id(name), SYSTEM_ACTOR));
  }
}
