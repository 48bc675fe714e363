import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../database/role-pool.js';

/** What one round removed. */
export interface HousekeepingReport {
  readonly idempotencyKeys: number;
  readonly deadWorkers: number;
}

const SLICE = 5_000; // rows a statement: a short transaction, whatever the backlog

/** Removes rows that nobody can ask for any more. Safe to run twice, or never for a while. */
@Injectable()
export class Housekeeping {
  constructor(private readonly pool: WorkerPool) {}

  async run(): Promise<HousekeepingReport> {
    return {
      idempotencyKeys: await this.removeInSlices(
        `delete from maru.idempotency_keys where ctid = any(array(
           select ctid from maru.idempotency_keys where created_at < now() - interval '25 hours' limit ${SLICE}))`,
      ),
      deadWorkers: await this.removeInSlices(
        `delete from maru.workers w where w.dead and w.lease_until < now() - interval '1 day'
            and not exists (select 1 from maru.job_queue q where q.worker = w.id)`,
      ),
    };
  }

  private async removeInSlices(statement: string): Promise<number> {
    for (let removed = 0; ;) {
      const { rowCount } = await this.pool.query(statement);
      removed += rowCount ?? 0;
      if ((rowCount ?? 0) < SLICE) return removed;
    }
  }
}
