import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../../database/in-transaction.js';
import { PlatformPool } from '../../database/role-pool.js';
import { QUANTILES, waitsOf } from './waits.sql.js';

/** One probe a tenant: a plan made while the queue seems empty would read all of it for each. */
const BY_KEY = `
set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off;
set local statement_timeout = '5s'`;
/** Jobs of one tenant: a flood counts no more than this in the numbers of all, and no tenant costs more. */
const MAX_JOBS = 50;
const WORKING = `
select t.id, t.weight from maru.tenants t
 cross join lateral (select 1 from maru.job_queue where tenant_id = t.id limit 1) q`;
const WAITS = `
select count(distinct t.id)::int as tenants, ${QUANTILES}
  from maru.tenants t cross join lateral (${waitsOf('t.id', MAX_JOBS)}) w where w.ms is not null`;

/** A tenant with jobs that have not ended. */
export interface WorkingTenant {
  readonly id: string;
  readonly weight: number;
}

/** How long jobs of all tenants waited; ms. */
export interface FleetWaits {
  /** Tenants that had some. */
  readonly tenants: number;
  readonly p50: number | null;
  readonly p90: number | null;
}

/** What tenants are compared with, as maru_platform. Nothing of it may be told as it is: see Fleet. */
@Injectable()
export class FleetRepository {
  constructor(private readonly pool: PlatformPool) {}

  working(): Promise<WorkingTenant[]> {
    return this.rows<WorkingTenant>(WORKING);
  }

  async waits(): Promise<FleetWaits> {
    const [row] = await this.rows<FleetWaits>(WAITS);
    return row!;
  }

  private rows<Row extends object>(text: string): Promise<Row[]> {
    return inTransaction(this.pool, async (client: pg.PoolClient) => {
      await client.query(BY_KEY);
      return (await client.query<Row & pg.QueryResultRow>(text)).rows;
    });
  }
}
