import { Injectable, Logger } from '@nestjs/common';
import { inTransaction } from '../../database/in-transaction.js';
import { WorkerPool } from '../../database/role-pool.js';
import { FileStore } from '../../files/file-store.js';
import { plainArray } from '../../database/array-parameters.js';
import type { Send } from './erase-jobs.js';
import { FORGET_FILES } from './erasure.sql.js';
import { DUE_TENANTS, ENSURE_MARKS, EXPIRE_ORPHANS, EXPIRED_FILES, MOVE_IDLE_MARKS } from './sweep.sql.js';
import { sweepSlice } from './tenant-sweep.js';

/** What one round erased. */
export interface RetentionReport {
  readonly jobs: number;
  readonly files: number;
  /** True when the time of the round was over before the work was. */
  readonly more: boolean;
}

/** Longest round. The next one goes on where it stopped. */
const ROUND_MS = 4 * 60_000;
/** Files a statement. */
const FILES_SLICE = 500;

/**
 * Erases on schedule: inputs and results of jobs that ended longer ago than their tenant keeps them, and uploads that no
 * job needs any more. In short transactions, each of one tenant; may run twice at once, or not at all for a while.
 */
@Injectable()
export class JobRetention {
  readonly name = 'retention';
  private readonly log = new Logger(JobRetention.name);

  constructor(
    private readonly pool: WorkerPool,
    private readonly store: FileStore,
  ) {}

  /** @param roundMs longest time for the jobs and the files of a round, each */
  async run(roundMs = ROUND_MS): Promise<RetentionReport> {
    await this.send(ENSURE_MARKS, []);
    const jobs = await this.eraseJobs(performance.now() + roundMs);
    await this.send(MOVE_IDLE_MARKS, []);
    const files = await this.removeFiles(performance.now() + roundMs);
    return { jobs: jobs.done, files: files.done, more: jobs.more || files.more };
  }

  /** A slice of each tenant in turn, so that a large backlog of one delays no other. */
  private async eraseJobs(untilMs: number): Promise<{ done: number; more: boolean }> {
    let tenants = (await this.send<{ id: string }>(DUE_TENANTS, [])).map((row) => row.id);
    for (let done = 0; ;) {
      const again: string[] = [];
      for (const tenant of tenants) {
        if (performance.now() >= untilMs) return { done, more: true };
        const slice = await this.sweep(tenant);
        done += slice.jobs;
        if (slice.more) again.push(tenant);
      }
      if (again.length === 0) return { done, more: false };
      tenants = again;
    }
  }

  /** A tenant that fails is met again in the next round; the others go on. */
  private async sweep(tenantId: string): Promise<{ jobs: number; more: boolean }> {
    try {
      return await inTransaction(this.pool, (client) =>
        sweepSlice(
          async <R>(text: string, values: unknown[]) => (await client.query(text, values)).rows as R[],
          tenantId,
        ),
      );
    } catch (error) {
      this.log.warn(`the data of tenant ${tenantId} was not erased on schedule: ${(error as Error).message}`);
      return { jobs: 0, more: false };
    }
  }

  private async removeFiles(untilMs: number): Promise<{ done: number; more: boolean }> {
    for (let done = 0; ;) {
      const [orphans] = await this.send<{ n: number }>(EXPIRE_ORPHANS, [FILES_SLICE]);
      const removed = await this.removeExpired();
      done += removed;
      if (removed === 0 && orphans?.n !== FILES_SLICE) return { done, more: false };
      if (performance.now() >= untilMs) return { done, more: true };
    }
  }

  private async removeExpired(): Promise<number> {
    const expired = await this.send<{ tenantId: string; id: string }>(EXPIRED_FILES, [FILES_SLICE]);
    for (const tenantId of new Set(expired.map((file) => file.tenantId))) {
      const ids = expired.filter((file) => file.tenantId === tenantId).map((file) => file.id);
      for (const id of ids) await this.store.remove(tenantId, id);
      await this.send(FORGET_FILES, [tenantId, plainArray(ids)]);
    }
    return expired.length;
  }

  private readonly send: Send = async <R>(text: string, values: unknown[]): Promise<R[]> =>
    (await this.pool.query(text, values)).rows as R[];
}
