import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { WorkerPool } from '../database/role-pool.js';
import { type Chore, CHORES } from './chore.js';

/** What one round did. */
export interface HousekeepingReport {
  readonly idempotencyKeys: number;
  readonly deadWorkers: number;
  /** By name; null for one that failed. */
  readonly chores: Readonly<Record<string, object | null>>;
}

const SLICE = 5_000; // rows a statement: a short transaction, whatever the backlog

/** Removes rows that nobody can ask for any more, and does the chores of other rooms. Safe to run twice, or never for a while. */
@Injectable()
export class Housekeeping {
  private readonly log = new Logger(Housekeeping.name);

  constructor(
    private readonly pool: WorkerPool,
    @Optional() @Inject(CHORES) private readonly chores: readonly Chore[] = [],
  ) {}

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
      chores: await this.doChores(),
    };
  }

  /** One that fails is met again in the next round and holds no other up. */
  private async doChores(): Promise<Record<string, object | null>> {
    const reports: Record<string, object | null> = {};
    for (const chore of this.chores) {
      try {
        reports[chore.name] = await chore.run();
      } catch (error) {
        reports[chore.name] = null;
        this.log.error(
          `housekeeping could not do "${chore.name}", the next round tries again: ${(error as Error).message}`,
        );
      }
    }
    return reports;
  }

  private async removeInSlices(statement: string): Promise<number> {
    for (let removed = 0; ;) {
      const { rowCount } = await this.pool.query(statement);
      removed += rowCount ?? 0;
      if ((rowCount ?? 0) < SLICE) return removed;
    }
  }
}
