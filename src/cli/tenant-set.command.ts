import { CommandRunner, SubCommand } from 'nest-commander';
import { ChangeTenantDto } from '../admin/dto/change-tenant.dto.js';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { publicId } from '../common/ids.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { checked } from './checked.js';
import { NAME, Takes, TENANT_TERMS } from './command-options.js';
import { NamedTenant } from './named-tenant.js';
import { slugsOf } from './option-values.js';
import { Terminal } from './terminal.js';

@SubCommand({ name: 'set', arguments: '<tenant>', description: 'Change settings of a tenant; what is not given stays' })
@Takes(
  NAME,
  ...TENANT_TERMS,
  { flags: '--retention-days <days>', description: 'Days for which inputs and results are kept', read: Number },
  { flags: '--max-queued-jobs <jobs>', description: 'Jobs that may wait or run', read: Number },
  {
    flags: '--locales <tags>',
    description: 'Languages that it offers, separated by commas, its own first',
    read: slugsOf,
  },
)
export class TenantSetCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly administration: TenantAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([tenant]: string[], { locales: tags, ...rest }: { locales?: string[] }): Promise<void> {
    const locales = tags && { enabled: tags, default: tags[0] };
    const change = await checked(ChangeTenantDto, { ...rest, ...(locales ? { locales } : {}) });
    const id = await this.named.id(tenant);
    await this.administration.change(id, change, undefined, SYSTEM_ACTOR);
    const { tag: _tag, ...settings } = await this.administration.settings(id);
    this.terminal.print({ id: publicId('tenant', id), ...settings });
  }
}
