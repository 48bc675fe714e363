import { Injectable } from '@nestjs/common';
import { TtlCache } from '../../common/ttl-cache.js';
import { TenantDb } from '../../database/tenant-db.js';

/** Counting 100,000 rows takes some 20 ms. */
const TTL_MS = 1_000;
const MAX_TENANTS = 1_000;

/** $1 tenant. */
const READ = `
select q.queued, q.running, t.weight, l.quota::float8 as "limit"
  from (select json_build_array(count(*) filter (where state = 0 and band = 0), count(*) filter (where state = 0 and band = 1),
                                count(*) filter (where state = 0 and band = 2)) as queued,
               (count(*) filter (where state > 0))::int as running
          from maru.job_queue where tenant_id = $1) q
  join maru.tenants t on t.id = $1
  join maru.tenant_limits($1) l on l.name = 'queued'`;

/** The jobs of a tenant that have not ended, and what it may have of them. */
export interface TenantQueue {
  /** Jobs that no worker has taken yet, by band. */
  readonly queued: readonly [interactive: number, standard: number, bulk: number];
  /** Jobs that a worker has taken. */
  readonly running: number;
  /** Jobs that may be queued or running at a time. */
  readonly limit: number;
  /** Share of the devices against other tenants. */
  readonly weight: number;
}

/** How many jobs tenants have in the queue, as it was at most a second ago. */
@Injectable()
export class TenantQueues {
  private readonly queues = new TtlCache<TenantQueue | null>(TTL_MS, MAX_TENANTS);

  constructor(private readonly db: TenantDb) {}

  /** Null for a tenant that is not there. @param tenantId uuid */
  of(tenantId: string): Promise<TenantQueue | null> {
    return this.queues.get(tenantId, async () => {
      const query = { name: 'tenant-queue', text: READ, values: [tenantId] };
      const [row] = await this.db.one<TenantQueue & Record<string, unknown>>(tenantId, query);
      return row ?? null;
    });
  }
}

/** Jobs that no worker has taken yet, of the bands that go before a job of this one or with it. */
export function queuedBefore({ queued }: TenantQueue, band: number): number {
  return queued.slice(0, band + 1).reduce((sum, jobs) => sum + jobs, 0);
}
