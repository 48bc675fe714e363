import { Injectable } from '@nestjs/common';
import { plainArray } from '../../database/array-parameters.js';
import { TenantDb } from '../../database/tenant-db.js';
import type { LeasedName } from './quota-names.js';

/** One account that needs more. */
export interface LeaseRequest {
  readonly name: LeasedName;
  /** uuid. */
  readonly subject: string;
  /** At least so many. */
  readonly wanted: number;
}

/** What the database granted. */
export interface Lease {
  readonly name: LeasedName;
  readonly subject: string;
  /** Never more than the limit has left; 0 when it is used up. */
  readonly granted: number;
  /** Of the window, by all processes, this grant included. */
  readonly taken: number;
  readonly quota: number;
  readonly windowSeconds: number;
  /** Ms until the window ends. */
  readonly leftMs: number;
}

/** A process holds at most 1/200 of a limit ahead of its need: four of them waste 2 % of it at worst. */
const SLICES = 200;
/** And at most so many: 600,000 a minute are ten statements a second. */
const MAX_SLICE = 1_000;

/**
 * Takes a slice of each limit in one statement. A window that is over begins anew; one that a slower transaction has
 * passed already is kept, so no count goes back. $1 tenant, $2 names, $3 subjects, $4 wanted.
 */
const LEASE = `
with asked as (
  select l.name, u.subject, l.quota, l.window_s,
         to_timestamp(floor(extract(epoch from clock_timestamp()) / l.window_s) * l.window_s) as starts_at,
         least(l.quota, greatest(u.wanted, least(${MAX_SLICE}, l.quota / ${SLICES}))) as n
    from unnest($2::text[], $3::uuid[], $4::bigint[]) u(name, subject, wanted)
    join maru.tenant_limits($1) l on l.name = u.name),
leased as (
  insert into maru.quota_windows as w (tenant_id, name, subject, starts_at, quota, taken, granted)
  select $1, name, subject, starts_at, quota, n, n from asked order by name, subject
  on conflict (tenant_id, name, subject) do update set
    starts_at = greatest(w.starts_at, excluded.starts_at),
    quota = excluded.quota,
    granted = case when w.starts_at < excluded.starts_at then excluded.granted
                   else greatest(0, least(excluded.granted, excluded.quota - w.taken)) end,
    taken = case when w.starts_at < excluded.starts_at then excluded.granted
                 else w.taken + greatest(0, least(excluded.granted, excluded.quota - w.taken)) end
  returning name, subject, starts_at, quota, taken, granted)
select l.name, l.subject, l.granted::float8 as granted, l.taken::float8 as taken, l.quota::float8 as quota, a.window_s as "windowSeconds",
       (extract(epoch from l.starts_at + a.window_s * interval '1 s' - clock_timestamp()) * 1000)::float8 as "leftMs"
  from leased l join asked a using (name, subject)`;

/** Gives unused slices of the running window back. $1 tenant, $2 names, $3 subjects, $4 unused. */
const RETURN = `
update maru.quota_windows w set taken = greatest(0, w.taken - u.n)
  from unnest($2::text[], $3::uuid[], $4::bigint[]) u(name, subject, n)
 where w.tenant_id = $1 and w.name = u.name and w.subject = u.subject`;

/** The counts of limits that several processes share, as maru_app. */
@Injectable()
export class QuotaLeaseRepository {
  constructor(private readonly db: TenantDb) {}

  lease(tenantId: string, requests: readonly LeaseRequest[]): Promise<Lease[]> {
    return this.db.one<Lease & Record<string, unknown>>(tenantId, {
      name: 'quota-lease',
      text: LEASE,
      values: [tenantId, ...columnsOf(requests, (request) => request.wanted)],
    });
  }

  /** Only for windows that still run. */
  async giveBack(
    tenantId: string,
    slices: readonly (Omit<LeaseRequest, 'wanted'> & { unused: number })[],
  ): Promise<void> {
    await this.db.one(tenantId, { text: RETURN, values: [tenantId, ...columnsOf(slices, (slice) => slice.unused)] });
  }
}

function columnsOf<T extends { name: string; subject: string }>(rows: readonly T[], n: (row: T) => number): string[] {
  return [plainArray(rows.map((r) => r.name)), plainArray(rows.map((r) => r.subject)), plainArray(rows.map(n))];
}
