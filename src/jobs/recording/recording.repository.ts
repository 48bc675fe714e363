import { Injectable } from '@nestjs/common';
import { binaryArray, plainArray as list } from '../../database/array-parameters.js';
import { WorkerPool } from '../../database/role-pool.js';
import { END_STATUS } from '../job-status.js';
import { segmentText, type TransitionItem } from '../transition.js';
import type { JobEnd, JobJournal, JobRequeue } from './job-journal.js';
import { isTaken } from '../../database/taken-key.js';
import { FINISH, FINISH_CANCELING, INSPECT, PROGRESS, PROGRESS_CONTESTED, REQUEUE } from './recording.sql.js';

/** One journal's share of a flush: what is written and at which seq. */
export interface Flush {
  readonly journal: JobJournal;
  readonly firstSeq: number;
  readonly items: readonly TransitionItem[];
}
export interface EndFlush extends Flush {
  readonly end: JobEnd;
  /** The job was asked to cancel: its row is in state 2 and another wrote `job.canceling`. */
  readonly canceling: boolean;
}
export interface RequeueFlush extends Flush {
  readonly requeue: JobRequeue;
}

/** Where a job stands from the point of view of one attempt. */
export interface Standing {
  readonly jobId: string;
  /** The queue row carries this attempt's token. */
  readonly mine: boolean;
  /** `job_queue.state`; null when the job has left the queue. */
  readonly state: number | null;
  /** The flush's own segment is in the timeline. */
  readonly logged: boolean;
  /** Attempt whose worker ended the job; null also when a third party did. */
  readonly endedAttempt: number | null;
}

/** The statements of the recorder: each is one transaction over many jobs, fenced by the token of the claim. */
@Injectable()
export class RecordingRepository {
  constructor(private readonly pool: WorkerPool) {}

  /** Appends segments. Returns the ids of the jobs that were written, or null when all were. */
  async progress(flushes: readonly Flush[]): Promise<Set<string> | null> {
    const values = [...keyColumns(flushes), ...segmentColumns(flushes), flushes.length];
    try {
      return await this.append('job-progress', PROGRESS, values, flushes.length);
    } catch (error) {
      if (!isTaken(error)) throw error;
      return this.append('job-progress-contested', PROGRESS_CONTESTED, values, flushes.length);
    }
  }

  /** Ends jobs in state running: end row, ledger entry and last segment together. */
  finish(flushes: readonly EndFlush[]): Promise<Set<string> | null> {
    return this.end('job-finish', FINISH, flushes);
  }

  /** Ends jobs in state canceling: the seq follows the canceling row that somebody else wrote. */
  finishCanceling(flushes: readonly EndFlush[]): Promise<Set<string> | null> {
    return this.end('job-finish-canceling', FINISH_CANCELING, flushes);
  }

  /** Gives jobs back to the queue, with their last segment. */
  async requeue(flushes: readonly RequeueFlush[]): Promise<Set<string> | null> {
    const result = await this.pool.query<{ n: number; ids: string[] | null }>({
      name: 'job-requeue',
      text: REQUEUE,
      values: [
        ...keyColumns(flushes),
        ...segmentColumns(flushes),
        flushes.length,
        flushes.map((f) => f.requeue.delayMs),
        flushes.map((f) => (f.requeue.alone ? 1 : 0)),
        flushes.map((f) => (f.requeue.blameless ? 1 : 0)),
      ],
    });
    return onlyWhenShort(result.rows[0], flushes.length);
  }

  async inspect(flushes: readonly Flush[]): Promise<Standing[]> {
    const result = await this.pool.query<Standing>({
      name: 'job-inspect',
      text: INSPECT,
      values: [
        ...keyColumns(flushes),
        list(flushes.map((f) => f.firstSeq)),
        binaryArray(
          'text',
          flushes.map((f) => segmentText(f.items)),
        ),
      ],
    });
    return result.rows;
  }

  private async append(name: string, text: string, values: unknown[], expected: number): Promise<Set<string> | null> {
    const result = await this.pool.query<{ n: number; ids: string[] | null }>({ name, text, values });
    return onlyWhenShort(result.rows[0], expected);
  }

  private async end(name: string, text: string, flushes: readonly EndFlush[]): Promise<Set<string> | null> {
    const ends = flushes.map((f) => f.end);
    const result = await this.pool.query<{ n: number; ids: string[] | null }>({
      name,
      text,
      values: [
        ...keyColumns(flushes),
        ...segmentColumns(flushes),
        flushes.length,
        list(ends.map((e) => END_STATUS[e.status])),
        list(ends.map((e) => e.cancelReason ?? 'null')),
        list(ends.map((e) => e.units)),
        list(ends.map((e) => e.deviceUs)),
        jsonColumn(ends.map((e) => e.model)),
        jsonColumn(ends.map((e) => e.error)),
        jsonColumn(ends.map((e) => e.result)),
        jsonColumn(ends.map((e) => e.rerunVerdict ?? null)),
      ],
    });
    return onlyWhenShort(result.rows[0], flushes.length);
  }
}

function keyColumns(flushes: readonly Flush[]): unknown[] {
  const claims = flushes.map((f) => f.journal.claim);
  return [
    list(claims.map((c) => c.tenantId)),
    list(claims.map((c) => c.band)),
    list(claims.map((c) => c.jobId)),
    list(claims.map((c) => c.token)),
  ];
}

function segmentColumns(flushes: readonly Flush[]): unknown[] {
  return [
    list(flushes.map((f) => f.firstSeq)),
    list(flushes.map((f) => f.items.length)),
    binaryArray(
      'text',
      flushes.map((f) => segmentText(f.items)),
    ),
  ];
}

function jsonColumn(values: readonly unknown[]): Buffer {
  return binaryArray(
    'json',
    values.map((value) => (value === null ? null : JSON.stringify(value))),
  );
}

function onlyWhenShort(row: { n: number; ids: string[] | null } | undefined, expected: number): Set<string> | null {
  return row && row.n === expected ? null : new Set(row?.ids ?? []);
}
