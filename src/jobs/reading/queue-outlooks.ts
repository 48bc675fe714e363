import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { TenantDb } from '../../database/tenant-db.js';
import type { TenantOutlook } from '../tenant-outlook.js';

/** Workers write once a second; who follows many jobs of a tenant asks once for all of them. */
const FRESH_MS = 500;
/** Older ones are of a worker that died or lost the database. */
const VALID_S = 10;
const MAX_TENANTS = 1_000;

const FIND = `
select extract(epoch from at)::float8 * 1000 as "atMs", outlook from maru.queue_outlooks
 where tenant_id = $1 and at > clock_timestamp() - interval '${VALID_S} s'`;

/** What a worker said, and when, epoch ms. */
export interface DatedOutlook {
  readonly atMs: number;
  readonly outlook: TenantOutlook;
}

/** Why a tenant's jobs wait, in the words of the workers that hold some of them. */
@Injectable()
export class QueueOutlooks {
  private readonly read = new Map<string, { readonly sinceMs: number; readonly rows: Promise<DatedOutlook[]> }>();

  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
  ) {}

  /** One entry per worker; none while no job of the tenant waits for long. */
  of(tenantId: string): Promise<readonly DatedOutlook[]> {
    const known = this.read.get(tenantId);
    const nowMs = this.clock.monotonic();
    if (known && nowMs - known.sinceMs < FRESH_MS) return known.rows;
    if (this.read.size >= MAX_TENANTS) this.read.clear();
    const rows = this.db.one<{ atMs: number; outlook: TenantOutlook }>(tenantId, {
      name: 'queue-outlooks-find',
      text: FIND,
      values: [tenantId],
    });
    this.read.set(tenantId, { sinceMs: nowMs, rows });
    rows.catch(() => this.read.delete(tenantId));
    return rows;
  }
}
