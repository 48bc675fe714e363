import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../auth/tenant-context.js';
import { CSV_MAX_ROWS, toCsv } from '../http/csv.js';
import { MalformedRequestError } from '../http/http.errors.js';
import { type Page, pageOf } from '../http/page.js';
import { PageTokens } from '../http/page-tokens.js';
import { type LedgerEntryDto, toLedgerEntryDto } from './dto/ledger-entry.dto.js';
import { toUsageDto, type UsageDto } from './dto/usage.dto.js';
import type { LedgerQueryDto, UsageQueryDto } from './dto/usage.query.js';
import { type LedgerPosition, type LedgerRow, type UsageRange, UsageRepository } from './usage.repository.js';

const MS = { hour: 3_600_000, day: 86_400_000 } as const;
const DEFAULT_DAYS = 30;
const MAX_BUCKETS = { hour: 31 * 24, day: 366 } as const;
const SLICE = 5_000;

/** What a tenant used, and what it costs. */
@Injectable()
export class UsageService {
  constructor(
    private readonly repository: UsageRepository,
    private readonly tokens: PageTokens,
  ) {}

  /** @throws MalformedRequestError for a range without or with too many buckets */
  async usage({ tenantId }: TenantContext, query: UsageQueryDto): Promise<UsageDto> {
    const now = new Date();
    const range = rangeOf(query, now);
    return toUsageDto(range, await this.repository.usage(tenantId, range), now);
  }

  async usageCsv(context: TenantContext, query: UsageQueryDto): Promise<string> {
    const { data } = await this.usage(context, query);
    const header = ['start', 'analyzer', 'apiKeyId', 'jobs', 'units', 'deviceMs', 'amount', 'currency'];
    const rows = data.map((d) => {
      return [d.start, d.analyzer, d.apiKeyId, d.jobs, d.units, d.deviceMs, d.amount?.value, d.amount?.currency];
    });
    return toCsv(header, rows);
  }

  /** Newest job first. @throws InvalidPageTokenError */
  async ledger({ tenantId }: TenantContext, query: LedgerQueryDto): Promise<Page<LedgerEntryDto>> {
    const { limit, pageToken, ...filters } = query;
    const binding = { tenantId, list: 'usage-ledger', filters };
    const after = positionOf(this.tokens.open(pageToken, binding));
    const rows = await this.repository.ledger(tenantId, filters, after, limit + 1);
    return pageOf(rows, limit, toLedgerEntryDto, (last) => this.tokens.seal(cursorOf(last), binding));
  }

  /** The newest 50,000 entries that match. */
  async ledgerCsv({ tenantId }: TenantContext, query: LedgerQueryDto): Promise<string> {
    const rows: LedgerRow[] = [];
    for (;;) {
      const slice = await this.repository.ledger(tenantId, query, rows.at(-1) ?? null, SLICE);
      rows.push(...slice);
      if (slice.length < SLICE || rows.length >= CSV_MAX_ROWS) break;
    }
    const header = ['key', 'jobId', 'attempt', 'kind', 'units', 'deviceMs', 'amount', 'currency', 'at'];
    const cells = rows.slice(0, CSV_MAX_ROWS).map((row) => {
      const e = toLedgerEntryDto(row);
      return [e.key, e.jobId, e.attempt, e.kind, e.units, e.deviceMs, e.amount?.value, e.amount?.currency, e.at];
    });
    return toCsv(header, cells);
  }
}

function rangeOf({ from, to, bucket, groupBy }: UsageQueryDto, now: Date): UsageRange {
  const ms = MS[bucket];
  const end = Math.ceil((to ?? now).getTime() / ms) * ms;
  const start = Math.floor((from?.getTime() ?? end - DEFAULT_DAYS * MS.day) / ms) * ms;
  const buckets = (end - start) / ms;
  if (buckets < 1) throw new MalformedRequestError('`from` must lie before `to`.');
  if (buckets > MAX_BUCKETS[bucket]) {
    throw new MalformedRequestError(`At most ${MAX_BUCKETS[bucket]} buckets of a ${bucket}: ask for a shorter time.`);
  }
  const byAnalyzer = groupBy.includes('analyzer');
  return { from: new Date(start), to: new Date(end), bucket, byAnalyzer, byKey: groupBy.includes('api_key') };
}

function cursorOf({ jobId, attempt, kind }: LedgerRow): string {
  return `${jobId} ${attempt} ${kind}`;
}

function positionOf(cursor: string | null): LedgerPosition | null {
  const [jobId, attempt, kind] = cursor?.split(' ') ?? [];
  return jobId === undefined ? null : { jobId, attempt: Number(attempt), kind: Number(kind) };
}
