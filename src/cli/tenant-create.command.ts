import { CommandRunner, SubCommand } from 'nest-commander';
import { BRAND_PRESETS } from '../admin/brand-presets.js';
import type { Launched, LaunchRequest } from '../admin/launch-request.js';
import { SmokeOutcome, type SmokeReport } from '../admin/smoke-outcome.js';
import { TenantLaunch } from '../admin/tenant-launch.js';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { publicId } from '../common/ids.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { NAME, Takes, TENANT_TERMS } from './command-options.js';
import { NamedTenant } from './named-tenant.js';
import { requireWholeNumber, slugsOf } from './option-values.js';
import { quotasOf } from './quota-options.js';
import { Terminal } from './terminal.js';

const DEFAULT_WAIT_SECONDS = 60;
const MOST_WAIT_SECONDS = 600;
const PRESETS = Object.keys(BRAND_PRESETS);

interface Options {
  readonly slug: string;
  readonly name: string;
  readonly weight?: number;
  readonly plan?: string;
  readonly quotas?: string;
  readonly analyzers?: string[];
  readonly ownerEmail?: string;
  readonly ownerName?: string;
  readonly apiKey?: string;
  readonly from?: string;
  readonly smokeJob?: boolean;
  readonly waitSeconds?: number;
}

@SubCommand({
  name: 'create',
  description: 'Create a tenant that can work at once, and try it; ends with 2 when its first job did not succeed',
})
@Takes(
  { flags: '--slug <slug>', description: 'Part of its address; never changes', required: true },
  { ...NAME, required: true },
  ...TENANT_TERMS,
  { flags: '--quotas <list>', description: 'Exceptions from the plan, such as daily=20000,queued=500' },
  { flags: '--analyzers <slugs>', description: 'Analyzers that it may use, separated by commas', read: slugsOf },
  { flags: '--owner-email <address>', description: 'Invite the first owner and print the link once' },
  { flags: '--owner-name <name>', description: 'Name of the first owner' },
  { flags: '--api-key <name>', description: 'Make a first API key of this name and print it once' },
  {
    flags: '--from <source>',
    description: `Looks, languages and plan of a tenant (slug or ten_...), or a preset of looks: ${PRESETS.join(', ')}`,
  },
  { flags: '--smoke-job', description: 'Submit a first job that bills nothing; so it does with analyzers' },
  { flags: '--no-smoke-job', description: 'Submit no first job' },
  {
    flags: '--wait-seconds <seconds>',
    description: 'How long to wait for the first job; 60 unless given',
    read: Number,
  },
)
export class TenantCreateCommand extends CommandRunner {
  constructor(
    private readonly launches: TenantLaunch,
    private readonly outcome: SmokeOutcome,
    private readonly tenants: PlatformTenants,
    private readonly named: NamedTenant,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], options: Options): Promise<void> {
    const { waitSeconds = DEFAULT_WAIT_SECONDS } = options;
    requireWholeNumber('--wait-seconds', waitSeconds, 0, MOST_WAIT_SECONDS);
    const launched = await this.launches.launch(await this.requestOf(options), SYSTEM_ACTOR);
    const smokeJob = await this.tried(launched, waitSeconds * 1_000);
    const { hosts } = await this.tenants.get(launched.id);
    const { owner, apiKey } = launched;
    this.terminal.verdict({
      id: publicId('tenant', launched.id),
      slug: options.slug,
      hosts,
      owner: owner && { id: publicId('member', owner.member.id), email: owner.member.email, link: owner.link },
      apiKey,
      smokeJobId: launched.smokeJobId && publicId('job', launched.smokeJobId),
      smokeJob,
      faults: faultsOf(smokeJob),
    });
  }

  private async requestOf(options: Options): Promise<LaunchRequest> {
    const { slug, name, weight, plan, analyzers = [], ownerEmail, ownerName, apiKey: apiKeyName } = options;
    const owner = ownerEmail === undefined ? undefined : { email: ownerEmail, name: ownerName };
    const quotas = options.quotas === undefined ? undefined : quotasOf(options.quotas, 'Set when it was created', null);
    const smokeJob = options.smokeJob ?? analyzers.length > 0;
    return {
      slug,
      name,
      weight,
      plan,
      quotas,
      analyzers,
      owner,
      apiKeyName,
      smokeJob,
      from: await this.source(options),
    };
  }

  /** A preset, or a tenant by slug or id. */
  private async source({ from }: Options): Promise<string | undefined> {
    if (from === undefined || PRESETS.includes(from)) return from;
    return publicId('tenant', await this.named.id(from));
  }

  private async tried({ id, smokeJobId }: Launched, waitMs: number): Promise<SmokeReport | null> {
    return smokeJobId === null ? null : this.outcome.of(id, smokeJobId, waitMs, SYSTEM_ACTOR);
  }
}

function faultsOf(job: SmokeReport | null): { kind: string; message: string }[] {
  if (job === null || job.status === 'succeeded') return [];
  const message =
    job.error?.message ??
    `The first job is ${job.status}. Is a worker running? Its result is at GET /v1/jobs/${job.id}.`;
  return [{ kind: 'smoke_job', message }];
}
