import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';

export type Bucket = 'hour' | 'day';

/** Which usage somebody asks for. */
export interface UsageRange {
  /** On the hour, UTC. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly bucket: Bucket;
  readonly byAnalyzer: boolean;
  readonly byKey: boolean;
}

/** What was used in one bucket. */
export interface UsageRow {
  readonly start: Date;
  readonly analyzer: string | null;
  /** Public id of the member or key. */
  readonly createdBy: string | null;
  /** '' = no price. */
  readonly currency: string;
  readonly jobs: number;
  readonly units: number;
  readonly deviceUs: number;
  /** Decimal. */
  readonly amount: string;
}

/** One entry of the ledger. */
export interface LedgerRow {
  readonly jobId: string;
  readonly attempt: number;
  readonly kind: number;
  readonly units: number;
  readonly deviceUs: number;
  readonly at: Date;
  readonly amount: string | null;
  readonly currency: string | null;
}

/** Where a page of the ledger begins. */
export interface LedgerPosition {
  readonly jobId: string;
  readonly attempt: number;
  readonly kind: number;
}

/** The hours that are added up, and the entries after them. $1 tenant, $2 from, $3 to. */
const ENTRIES = `
  select h.hour, h.analyzer, h.created_by, h.currency, h.jobs, h.units, h.device_us, h.amount
    from maru.usage_hours h where h.tenant_id = $1 and h.hour >= $2 and h.hour < $3
  union all
  select date_trunc('hour', l.at), coalesce(j.analyzer_slug, ''), coalesce(j.created_by, ''), coalesce(p.currency, ''), 1, l.units, l.device_us,
         coalesce(l.units * p.unit_price, 0)
    from maru.usage_ledger l
    left join maru.jobs j on j.tenant_id = l.tenant_id and j.id = l.job_id
    left join lateral maru.price_at(l.tenant_id, l.at) p on true
   where l.tenant_id = $1 and l.at >= greatest($2, (select through from maru.usage_rollup)) and l.at < $3`;

/** $4 bucket, $5 by analyzer, $6 by key. */
const USAGE = `
  select date_trunc($4, e.hour, 'UTC') as start, case when $5 then e.analyzer end as analyzer, case when $6 then e.created_by end as "createdBy",
         e.currency, sum(e.jobs)::float8 as jobs, sum(e.units)::float8 as units, sum(e.device_us)::float8 as "deviceUs", trim_scale(sum(e.amount))::text as amount
    from (${ENTRIES}) e group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

/**
 * $1 tenant, $2 from. Adds to the sums by the hour what jobs of the last minutes used since; older jobs that ended since
 * are left to the sums: a look at every entry of the month, each few seconds, would cost more than the jobs.
 */
const DEVICE_US_SINCE = `
  select ((select coalesce(sum(h.device_us), 0) from maru.usage_hours h where h.tenant_id = $1 and h.hour >= $2)
        + (select coalesce(sum(l.device_us), 0) from maru.usage_ledger l
            where l.tenant_id = $1 and l.at >= greatest($2, (select through from maru.usage_rollup))
              and l.job_id >= (select maru.uuid_floor(greatest(through, now() - interval '2 minutes') - interval '1 minute')
                                 from maru.usage_rollup)))::float8 as us`;

/** $1 tenant, $2 from, $3 to, $4..$6 position or null, $7 limit. */
const LEDGER = `
  select l.job_id as "jobId", l.attempt, l.kind, l.units, l.device_us::float8 as "deviceUs", l.at,
         trim_scale(l.units * p.unit_price)::text as amount, p.currency
    from maru.usage_ledger l
    left join lateral maru.price_at(l.tenant_id, l.at) p on true
   where l.tenant_id = $1 and ($2::timestamptz is null or l.at >= $2) and ($3::timestamptz is null or l.at < $3)
     and ($4::uuid is null or (l.job_id, l.attempt, l.kind) < ($4, $5::smallint, $6::smallint))
   order by l.job_id desc, l.attempt desc, l.kind desc limit $7`;

/** What a tenant used, as the tenant. */
@Injectable()
export class UsageRepository {
  constructor(private readonly db: TenantDb) {}

  usage(tenantId: string, { from, to, bucket, byAnalyzer, byKey }: UsageRange): Promise<UsageRow[]> {
    const values = [tenantId, from, to, bucket, byAnalyzer, byKey];
    return this.db.one<UsageRow & Record<string, unknown>>(tenantId, { name: 'usage', text: USAGE, values });
  }

  /** Device time since an instant on the hour, microseconds; without that of the last minute or two of long jobs. */
  async deviceUsSince(tenantId: string, from: Date): Promise<number> {
    const query = { name: 'usage-device', text: DEVICE_US_SINCE, values: [tenantId, from] };
    const [row] = await this.db.one<{ us: number }>(tenantId, query);
    return row?.us ?? 0;
  }

  /** Newest job first. */
  ledger(
    tenantId: string,
    range: { from?: Date; to?: Date },
    after: LedgerPosition | null,
    limit: number,
  ): Promise<LedgerRow[]> {
    const position = after ? [after.jobId, after.attempt, after.kind] : [null, null, null];
    const values = [tenantId, range.from ?? null, range.to ?? null, ...position, limit];
    return this.db.one<LedgerRow & Record<string, unknown>>(tenantId, { name: 'usage-ledger', text: LEDGER, values });
  }
}
