import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import type { Claim } from '../recording/claim.js';
import { ACTIVE_TENANTS, CLAIM, HELD, NEXT_READY } from './queue.sql.js';

/** A tenant with rows in the queue. */
export interface ActiveTenant {
  readonly tenantId: string;
  readonly weight: number;
}

/** How many jobs of a tenant a claim may take. */
export interface Window {
  readonly tenantId: string;
  readonly size: number;
}

/** A row that the queue says this worker runs. */
export interface HeldRow {
  readonly tenantId: string;
  readonly band: number;
  readonly jobId: string;
  readonly token: string;
  /** 1 running, 2 asked to cancel. */
  readonly state: number;
  /** Claimed more than 5 s ago: its claim's answer has long arrived or is lost. */
  readonly settled: boolean;
}

/** Reads and claims of the queue as maru_worker. */
@Injectable()
export class QueueRepository {
  constructor(private readonly pool: WorkerPool) {}

  async activeTenants(): Promise<ActiveTenant[]> {
    return (await this.pool.query<ActiveTenant>({ name: 'queue-tenants', text: ACTIVE_TENANTS })).rows;
  }

  async claim(windows: readonly Window[], workerId: number, token: string): Promise<Claim[]> {
    const result = await this.pool.query<Claim>({
      name: 'queue-claim',
      text: CLAIM,
      values: [windows.map((w) => w.tenantId), windows.map((w) => w.size), workerId, token],
    });
    return result.rows;
  }

  async nextReadyMs(): Promise<number | null> {
    return (
      (await this.pool.query<{ ms: number | null }>({ name: 'queue-next-ready', text: NEXT_READY })).rows[0]?.ms ?? null
    );
  }

  async held(workerId: number): Promise<HeldRow[]> {
    return (await this.pool.query<HeldRow>({ name: 'queue-held', text: HELD, values: [workerId] })).rows;
  }
}
