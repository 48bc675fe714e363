import { Injectable } from '@nestjs/common';
import { publicId } from '../common/ids.js';
import { TenantDb } from '../database/tenant-db.js';

/** Something in which the books disagree. */
export interface UsageFault {
  /** `rollup_differs` belongs to no job. */
  readonly kind: 'missing_entry' | 'entry_differs' | 'entry_without_end' | 'missing_receipt' | 'rollup_differs';
  /** Public id. */
  readonly jobId: string | null;
}

/** What a reconciliation found. */
export interface UsageVerdict {
  /** Entries of the ledger that were compared. */
  readonly entries: number;
  readonly units: number;
  readonly deviceUs: number;
  /** At most 1,000. */
  readonly faults: readonly UsageFault[];
}

const MAX_FAULTS = 1_000;
/** Ends are kept for 400 days; the ledger for ever. */
const KEPT = '390 days';

/**
 * $1 tenant, $2 from, $3 to. Every billed end has its entry, every entry its end and, when it bills units, the receipt of
 * its attempt in the timeline.
 */
const COMPARE = `
with l as materialized (
  select job_id, attempt, units, device_us from maru.usage_ledger where tenant_id = $1 and at >= $2 and at < $3),
e as materialized (
  select id, attempt, units, device_us from maru.job_ends
   where tenant_id = $1 and finished_at >= $2 and finished_at < $3 and device_us > 0)
select 'missing_entry' as kind, e.id as id from e
 where not exists (select from maru.usage_ledger u where u.tenant_id = $1 and u.job_id = e.id and u.attempt = e.attempt and u.kind = 1)
union all
select 'entry_differs', l.job_id from l join maru.job_ends d on d.tenant_id = $1 and d.id = l.job_id
 where (d.attempt, d.units, d.device_us) is distinct from (l.attempt, l.units, l.device_us)
union all
select 'entry_without_end', l.job_id from l
 where $2 > now() - interval '${KEPT}' and not exists (select from maru.job_ends d where d.tenant_id = $1 and d.id = l.job_id)
union all
select 'missing_receipt', l.job_id from l
 where l.units > 0 and $2 > now() - interval '${KEPT}'
   and not exists (select from maru.job_ends d where d.tenant_id = $1 and d.id = l.job_id and d.log like '%"execution":{%')
   and not exists (select from maru.job_timeline t where t.tenant_id = $1 and t.job_id = l.job_id and t.attempt = l.attempt and t.items like '%"execution":{%')
limit ${MAX_FAULTS}`;

/** One statement, so that all of it sees the same moment. Sums by the hour are compared as a whole. */
const VERDICT = `
select t.*, (select json_agg(json_build_object('kind', f.kind, 'id', f.id)) from (${COMPARE}) f) as found,
       (select coalesce(sum(jobs), 0) || ' ' || coalesce(sum(units), 0) || ' ' || coalesce(sum(device_us), 0)
          from maru.usage_hours where tenant_id = $1)
     = (select count(*) || ' ' || coalesce(sum(units), 0) || ' ' || coalesce(sum(device_us), 0) from maru.usage_ledger
         where tenant_id = $1 and at < (select through from maru.usage_rollup)) as "isSame"
  from (select count(*)::int as entries, coalesce(sum(units), 0)::float8 as units, coalesce(sum(device_us), 0)::float8 as "deviceUs"
          from maru.usage_ledger where tenant_id = $1 and at >= $2 and at < $3) t`;

interface Found {
  readonly entries: number;
  readonly units: number;
  readonly deviceUs: number;
  readonly found: readonly { readonly kind: UsageFault['kind']; readonly id: string }[] | null;
  readonly isSame: boolean;
  readonly [column: string]: unknown;
}

/** Proves that the ledger, the ends of jobs, their receipts and the sums by the hour say the same. */
@Injectable()
export class UsageReconciliation {
  constructor(private readonly db: TenantDb) {}

  /**
   * @param tenantId uuid
   * @param to exclusive; at least some seconds ago
   */
  async compare(tenantId: string, from: Date, to: Date): Promise<UsageVerdict> {
    const query = { text: VERDICT, values: [tenantId, from, to] };
    const [row] = await this.db.one<Found>(tenantId, query);
    const { entries, units, deviceUs, found, isSame } = row!;
    const faults: UsageFault[] = (found ?? []).map(({ kind, id }) => ({ kind, jobId: publicId('job', id) }));
    if (!isSame) faults.push({ kind: 'rollup_differs', jobId: null });
    return { entries, units, deviceUs, faults };
  }
}
