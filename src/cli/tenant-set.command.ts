import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { publicId } from '../common/ids.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import type { TenantChange } from '../tenants/tenant-settings.js';
import { CommandRefusedError } from './command-refused.error.js';
import { NamedTenant } from './named-tenant.js';
import { requireWholeNumber, slugsOf } from './option-values.js';
import { Terminal } from './terminal.js';

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

interface Options {
  readonly name?: string;
  readonly weight?: number;
  readonly plan?: string;
  readonly retentionDays?: number;
  readonly maxQueuedJobs?: number;
  readonly locales?: string[];
}

@SubCommand({ name: 'set', arguments: '<tenant>', description: 'Change settings of a tenant; what is not given stays' })
export class TenantSetCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly administration: TenantAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([tenant]: string[], options: Options): Promise<void> {
    const change = changeOf(options);
    const id = await this.named.id(tenant);
    await this.administration.change(id, change, undefined, SYSTEM_ACTOR);
    const { tag: _tag, ...settings } = await this.administration.settings(id);
    this.terminal.print({ id: publicId('tenant', id), ...settings });
  }

  @Option({ flags: '--name <name>', description: 'Name that people read' })
  displayName(text: string): string {
    return text;
  }

  @Option({ flags: '--weight <weight>', description: 'Share of the devices, 1 to 100' })
  weight(text: string): number {
    return Number(text);
  }

  @Option({ flags: '--plan <plan>', description: 'Name of a plan' })
  plan(text: string): string {
    return text;
  }

  @Option({ flags: '--retention-days <days>', description: 'Days for which inputs and results are kept' })
  retentionDays(text: string): number {
    return Number(text);
  }

  @Option({ flags: '--max-queued-jobs <jobs>', description: 'Jobs that may wait or run' })
  maxQueuedJobs(text: string): number {
    return Number(text);
  }

  @Option({ flags: '--locales <tags>', description: 'Languages that it offers, separated by commas, its own first' })
  locales(text: string): string[] {
    return slugsOf(text);
  }
}

/** @throws CommandRefusedError; limits are those of the route that does the same */
function changeOf({ locales, ...rest }: Options): TenantChange {
  const { name, weight, retentionDays, maxQueuedJobs } = rest;
  if (name !== undefined && (name.trim() === '' || name.length > 64)) {
    throw new CommandRefusedError('--name must have 1 to 64 characters.');
  }
  if (weight !== undefined) requireWholeNumber('--weight', weight, 1, 100);
  if (retentionDays !== undefined) requireWholeNumber('--retention-days', retentionDays, 1, 3_650);
  if (maxQueuedJobs !== undefined) requireWholeNumber('--max-queued-jobs', maxQueuedJobs, 1, 10_000_000);
  if (!locales) return rest;
  const isSound = locales.length <= 10 && locales.every((tag) => LANGUAGE.test(tag));
  if (!locales[0] || !isSound || new Set(locales).size < locales.length) {
    throw new CommandRefusedError('--locales must be 1 to 10 language tags such as ko,en.');
  }
  return { ...rest, locales: { enabled: locales, default: locales[0] } };
}
