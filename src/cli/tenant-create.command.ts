import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { TenantLaunch } from '../admin/tenant-launch.js';
import { publicId } from '../common/ids.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { Terminal } from './terminal.js';

interface Options {
  readonly slug: string;
  readonly name: string;
  readonly weight?: number;
  readonly plan?: string;
  readonly analyzers?: string[];
  readonly apiKey?: string;
  readonly from?: string;
  readonly smokeJob?: boolean;
}

@SubCommand({ name: 'create', description: 'Create a tenant that can work at once' })
export class TenantCreateCommand extends CommandRunner {
  constructor(
    private readonly launches: TenantLaunch,
    private readonly tenants: PlatformTenants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], options: Options): Promise<void> {
    const { apiKey: apiKeyName, ...request } = options;
    const { id, apiKey, smokeJobId } = await this.launches.launch({ ...request, apiKeyName }, SYSTEM_ACTOR);
    const { hosts } = await this.tenants.get(id);
    this.terminal.print({
      id: publicId('tenant', id),
      slug: options.slug,
      hosts,
      apiKey,
      smokeJobId: smokeJobId && publicId('job', smokeJobId),
    });
  }

  @Option({ flags: '--slug <slug>', description: 'Part of its address; never changes', required: true })
  slug(text: string): string {
    return text;
  }

  @Option({ flags: '--name <name>', description: 'Name that people read', required: true })
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

  @Option({ flags: '--analyzers <slugs>', description: 'Analyzers that it may use, separated by commas' })
  analyzers(text: string): string[] {
    return text.split(',').map((slug) => slug.trim());
  }

  @Option({ flags: '--api-key <name>', description: 'Make a first API key of this name and print it once' })
  apiKey(text: string): string {
    return text;
  }

  @Option({ flags: '--from <id>', description: 'Take brand, languages and plan of this tenant over (ten_...)' })
  from(text: string): string {
    return text;
  }

  @Option({ flags: '--smoke-job', description: 'Submit a first job that bills nothing' })
  smokeJob(): boolean {
    return true;
  }
}
