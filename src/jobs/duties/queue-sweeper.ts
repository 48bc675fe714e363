import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../../database/in-transaction.js';
import { WorkerPool } from '../../database/role-pool.js';
import { END_STATUS, type EndStatus } from '../job-status.js';
import { type ChangedJob, ChangeNotifier } from '../recording/change-notifier.js';
import { segmentText, type TransitionItem } from '../transition.js';
import { APPEND, CLOSE, LOCK_EXPIRED, LOCK_LOST_CLAIMS, LOCK_OF_DEAD_WORKERS, RELEASE } from './queue.sql.js';
import { requeueDelayMs } from './requeue-delay.js';

/** A locked queue row, with the seq up to which its history is written. */
interface SweptRow {
  readonly tenantId: string;
  readonly band: number;
  readonly jobId: string;
  readonly state: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly seq: number;
  readonly claimedAt: Date | null;
  readonly last: number;
}

/** What becomes of a swept row, and the transitions that say so. */
interface Decision {
  readonly row: SweptRow;
  readonly items: readonly TransitionItem[];
  readonly lastSeq: number;
  readonly end: { readonly status: EndStatus; readonly reason: string | null; readonly error: string | null } | null;
}

/**
 * Moves rows on behalf of nobody: jobs of dead workers, claims whose answer was lost, queued jobs past their deadline.
 * It locks, appends to the timeline under the same compare-and-swap as everybody, and only what was appended goes on;
 * a row that lost the race is met again in the next sweep.
 */
@Injectable()
export class QueueSweeper {
  constructor(
    private readonly pool: WorkerPool,
    private readonly changes: ChangeNotifier,
  ) {}

  /** Requeues, fails (attempts used up) or cancels what dead workers held. Returns how many rows moved. */
  reapDeadWorkers(): Promise<number> {
    return this.sweep(LOCK_OF_DEAD_WORKERS, [], lostWorker);
  }

  /** Gives rows back that this worker holds without knowing it; the other rows of their claims stay. */
  releaseLostClaims(workerId: number, rows: readonly { jobId: string; token: string }[]): Promise<number> {
    const values = [workerId, rows.map((row) => row.jobId), rows.map((row) => row.token)];
    return this.sweep(LOCK_LOST_CLAIMS, values, lostWorker);
  }

  /** Ends queued jobs whose deadline has passed. */
  expire(): Promise<number> {
    return this.sweep(LOCK_EXPIRED, [], (row, at) => decide(row, [{ type: 'job.expired', at }], { status: 'expired' }));
  }

  private async sweep(
    lock: string,
    values: unknown[],
    decision: (row: SweptRow, at: string) => Decision,
  ): Promise<number> {
    const moved = await inTransaction(this.pool, async (client) => {
      await client.query('set local enable_seqscan = on');
      const rows = (await client.query<SweptRow>(lock, values)).rows;
      const decisions = rows.map((row) => decision(row, new Date().toISOString()));
      return decisions.length > 0 ? this.apply(client, decisions) : [];
    });
    this.changes.changed(moved);
    return moved.length;
  }

  private async apply(client: pg.PoolClient, decisions: readonly Decision[]): Promise<ChangedJob[]> {
    const column = <T>(list: readonly Decision[], of: (d: Decision) => T): T[] => list.map(of);
    const appended = await client.query<ChangedJob>(APPEND, [
      column(decisions, (d) => d.row.tenantId),
      column(decisions, (d) => d.row.jobId),
      column(decisions, (d) => d.row.last + 1),
      column(decisions, (d) => d.items.length),
      column(decisions, (d) => d.row.attempt),
      column(decisions, (d) => segmentText(d.items)),
    ]);
    const won = new Set(appended.rows.map((r) => r.jobId));
    const keys = (list: readonly Decision[]): unknown[] => [
      column(list, (d) => d.row.tenantId),
      column(list, (d) => d.row.band),
      column(list, (d) => d.row.jobId),
      column(list, (d) => d.lastSeq),
    ];
    const ends = decisions.filter((d) => won.has(d.row.jobId) && d.end);
    const releases = decisions.filter((d) => won.has(d.row.jobId) && !d.end);
    if (releases.length > 0)
      await client.query(RELEASE, [...keys(releases), column(releases, (d) => requeueDelayMs(d.row.attempt))]);
    if (ends.length > 0) {
      await client.query(CLOSE, [
        ...keys(ends),
        column(ends, (d) => END_STATUS[d.end!.status]),
        column(ends, (d) => d.end!.reason),
        column(ends, (d) => d.end!.error),
      ]);
    }
    return appended.rows;
  }
}

function decide(
  row: SweptRow,
  items: readonly TransitionItem[],
  end: { status: EndStatus; reason?: string; error?: string } | null,
): Decision {
  return {
    row,
    items,
    lastSeq: row.last + items.length,
    end: end && { status: end.status, reason: end.reason ?? null, error: end.error ?? null },
  };
}

/** An attempt whose worker is gone: its start is written if it was not, then the job goes back, fails or is canceled. */
function lostWorker(row: SweptRow, at: string): Decision {
  const started: TransitionItem[] =
    row.last < row.seq ? [{ type: 'job.started', at: (row.claimedAt ?? new Date(at)).toISOString() }] : [];
  if (row.state === 2) {
    return decide(row, [...started, { type: 'job.canceled', at }], { status: 'canceled', reason: 'client' });
  }
  const error = {
    code: 'worker_lost',
    message: 'The worker that ran this job stopped answering.',
    stage: null,
    retryable: true,
    attempt: row.attempt,
  };
  if (row.attempt < row.maxAttempts) return decide(row, [...started, { type: 'job.requeued', at, error }], null);
  const last = { ...error, message: `The worker was lost in each of ${row.attempt} attempts. Submit the job again.` };
  return decide(row, [...started, { type: 'job.failed', at, error: last }], {
    status: 'failed',
    error: JSON.stringify(last),
  });
}
