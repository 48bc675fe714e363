import { CommandRunner, SubCommand } from 'nest-commander';
import { AuditLog } from '../audit/audit-log.js';
import type { AuditEventDto } from '../audit/dto/audit-event.dto.js';
import { OperatorAuditQueryDto } from '../audit/dto/audit.query.js';
import { publicId, uuidOf } from '../common/ids.js';
import { checked } from './checked.js';
import { Takes } from './command-options.js';
import { NamedTenant } from './named-tenant.js';
import { requireWholeNumber } from './option-values.js';
import { Terminal } from './terminal.js';

const DEFAULT_EVENTS = 50;
const MOST_EVENTS = 50_000;
const PAGE = 200;

interface Options {
  readonly tenant?: string;
  readonly limit?: number;
  readonly csv?: boolean;
}

@SubCommand({ name: 'list', description: 'Events of the platform and of all tenants, newest first' })
@Takes(
  { flags: '--tenant <tenant>', description: 'Only the log of this tenant: slug or ten_...' },
  { flags: '--actor <actor>', description: 'Only what this one did: a public id, system or anonymous' },
  { flags: '--action <action>', description: 'Only this action, or all that begin with it: tenant, tenant.suspended' },
  { flags: '--from <time>', description: 'Not before: 2026-11-01, or 2026-11-01T09:00:00Z' },
  { flags: '--to <time>', description: 'Before this' },
  { flags: '--limit <events>', description: `Most events, 1 to ${MOST_EVENTS}; 50 unless given`, read: Number },
  { flags: '--csv', description: `All that match as CSV, at most ${MOST_EVENTS}` },
)
export class AuditListCommand extends CommandRunner {
  constructor(
    private readonly log: AuditLog,
    private readonly named: NamedTenant,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], { tenant: name, limit, csv, ...filters }: Options): Promise<void> {
    const most = limit ?? DEFAULT_EVENTS;
    requireWholeNumber('--limit', most, 1, MOST_EVENTS);
    const tenant = name === undefined ? undefined : await this.tenantId(name);
    const query = await checked(OperatorAuditQueryDto, { ...filters, tenant });
    if (csv) return this.terminal.write(await this.log.csvOfPlatform(query));
    const events = await this.newest(query, most);
    this.terminal.print(events, events.map(shown));
  }

  /** The log of a tenant outlives it: an id is taken as it is. */
  private async tenantId(name: string): Promise<string> {
    return uuidOf('tenant', name) ? name : publicId('tenant', await this.named.id(name));
  }

  private async newest(query: OperatorAuditQueryDto, most: number): Promise<AuditEventDto[]> {
    const events: AuditEventDto[] = [];
    let pageToken: string | null = null;
    do {
      const limit = Math.min(PAGE, most - events.length);
      const page = await this.log.ofPlatform({ ...query, limit, ...(pageToken === null ? {} : { pageToken }) });
      events.push(...page.data);
      pageToken = page.nextPageToken;
    } while (pageToken !== null && events.length < most);
    return events;
  }
}

/** A line of the table. */
function shown({ at, tenantId, actor, action, target, outcome, reason }: AuditEventDto): object {
  const about = target && `${target.type} ${target.id}`;
  return { at, tenant: tenantId ?? 'platform', actor: actor.id ?? actor.type, action, target: about, outcome, reason };
}
