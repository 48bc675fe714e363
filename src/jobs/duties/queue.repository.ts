import { Injectable } from '@nestjs/common';
import { plainArray } from '../../database/array-parameters.js';
import { WorkerPool } from '../../database/role-pool.js';
import { BANDS } from '../job.js';
import type { Claim } from '../recording/claim.js';
import { ACTIVE_TENANTS, ASKED_TO_CANCEL, CLAIM, HELD, NEXT_READY, RECENTLY_BURIED } from './queue.sql.js';

const LOWEST_BAND = BANDS.length - 1;

/** How many jobs of a tenant a claim may take. */
export interface Window {
  readonly tenantId: string;
  readonly size: number;
  /** Jobs of lower bands stay: 0 interactive, 1 standard, 2 bulk. Default all. */
  readonly lowestBand?: number;
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

  /** Tenants with rows in the queue. */
  async activeTenants(): Promise<string[]> {
    const result = await this.pool.query<{ tenantId: string }>({ name: 'queue-tenants', text: ACTIVE_TENANTS });
    return result.rows.map((row) => row.tenantId);
  }

  async claim(windows: readonly Window[], workerId: number, token: string): Promise<Claim[]> {
    const result = await this.pool.query<Claim>({
      name: 'queue-claim',
      text: CLAIM,
      values: [
        plainArray(windows.map((w) => w.tenantId)),
        plainArray(windows.map((w) => w.size)),
        workerId,
        token,
        plainArray(windows.map((w) => w.lowestBand ?? LOWEST_BAND)),
      ],
    });
    return result.rows;
  }

  async nextReadyMs(): Promise<number | null> {
    return (
      (await this.pool.query<{ ms: number | null }>({ name: 'queue-next-ready', text: NEXT_READY })).rows[0]?.ms ?? null
    );
  }

  /** Which of these attempts were asked to cancel. */
  async askedToCancel(claims: readonly Claim[]): Promise<{ jobId: string; token: string }[]> {
    const result = await this.pool.query<{ jobId: string; token: string }>({
      name: 'queue-asked-to-cancel',
      text: ASKED_TO_CANCEL,
      values: [
        plainArray(claims.map((c) => c.tenantId)),
        plainArray(claims.map((c) => c.band)),
        plainArray(claims.map((c) => c.jobId)),
      ],
    });
    return result.rows;
  }

  /** True when a sweep for jobs of dead workers is likely to find some. */
  async recentlyBuried(): Promise<boolean> {
    return (await this.pool.query<{ found: boolean }>(RECENTLY_BURIED)).rows[0]?.found ?? true;
  }

  async held(workerId: number): Promise<HeldRow[]> {
    return (await this.pool.query<HeldRow>({ name: 'queue-held', text: HELD, values: [workerId] })).rows;
  }
}
