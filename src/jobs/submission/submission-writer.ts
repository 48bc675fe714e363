import { Injectable, Logger } from '@nestjs/common';
import { SystemClock } from '../../common/clock.js';
import { FlushPacer } from '../../common/flush-pacer.js';
import { MicroBatcher } from '../../common/micro-batcher.js';
import type { NewJob, SubmissionOutcome } from './new-job.js';
import { QueuedNotifier } from './queued-notifier.js';
import { SubmissionRepository, type SubmittedRow } from './submission.repository.js';

/** The job that a key made first. */
export type FirstJob = SubmissionOutcome & { readonly kind: 'duplicate' };
/** A flush of this many jobs is worth its commit. */
const FULL_FLUSH = 100;
/** What a submit may wait for company under load, ms. */
const MAX_PAUSE_MS = 50;
interface KeyOfTenant {
  readonly tenantId: string;
  readonly key: string;
}

/**
 * Makes jobs durable. Requests that arrive together are written together, in one statement as maru_ingest; each caller is
 * answered after the commit. A row that the database refuses fails alone.
 */
@Injectable()
export class SubmissionWriter {
  private readonly log = new Logger(SubmissionWriter.name);
  private readonly batcher = new MicroBatcher<NewJob, PromiseSettledResult<SubmissionOutcome>>(
    (jobs) => this.writeTogether(jobs),
    500,
    new FlushPacer(new SystemClock(), FULL_FLUSH, MAX_PAUSE_MS),
    (job) => job.tenantId,
  );
  private readonly lookUps = new MicroBatcher<KeyOfTenant, FirstJob | null>((keys) => this.findTogether(keys));

  constructor(
    private readonly repository: SubmissionRepository,
    private readonly notifier: QueuedNotifier,
  ) {}

  /** Resolves after the commit. Rejects with the database's error when nothing was written. */
  async write(job: NewJob): Promise<SubmissionOutcome> {
    const settled = await this.batcher.add(job);
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }

  /** The job that an idempotency key made, if it made one. */
  findByKey(tenantId: string, key: string): Promise<FirstJob | null> {
    return this.lookUps.add({ tenantId, key });
  }

  private async writeTogether(jobs: NewJob[]): Promise<PromiseSettledResult<SubmissionOutcome>[]> {
    try {
      const outcomes = await this.insert(jobs);
      return outcomes.map((value) => ({ status: 'fulfilled', value }));
    } catch (error) {
      if (jobs.length === 1 || !isAboutRows(error)) throw error;
      this.log.warn(
        `One of ${jobs.length} jobs cannot be written; writing them one by one: ${(error as Error).message}`,
      );
      return this.writeOneByOne(jobs);
    }
  }

  private async writeOneByOne(jobs: NewJob[]): Promise<PromiseSettledResult<SubmissionOutcome>[]> {
    const settled: PromiseSettledResult<SubmissionOutcome>[] = [];
    for (const job of jobs) settled.push(...(await Promise.allSettled([this.insert([job]).then(([first]) => first!)])));
    return settled;
  }

  private async insert(jobs: NewJob[]): Promise<SubmissionOutcome[]> {
    const rows = new Map((await this.repository.insert(jobs)).map((r) => [r.id, r]));
    this.notifier.queued(jobs.filter((j) => rows.get(j.id)?.created).map((j) => j.tenantId));
    const losers = jobs.filter((j) => rows.get(j.id)?.created === false);
    const winners = await this.findTogether(
      losers.map((j) => ({ tenantId: j.tenantId, key: j.idempotency?.key ?? '' })),
    );
    const winnerOf = new Map(losers.map((j, i) => [j.id, winners[i] ?? null]));
    return jobs.map((job) => outcomeOf(rows.get(job.id), winnerOf.get(job.id) ?? null));
  }

  private async findTogether(keys: readonly KeyOfTenant[]): Promise<(FirstJob | null)[]> {
    if (keys.length === 0) return [];
    const taken = new Map((await this.repository.findKeys(keys)).map((t) => [`${t.tenantId} ${t.key}`, t]));
    return keys.map(({ tenantId, key }) => {
      const row = taken.get(`${tenantId} ${key}`);
      return row ? { kind: 'duplicate', jobId: row.jobId, fingerprint: row.fingerprint } : null;
    });
  }
}

function outcomeOf(row: SubmittedRow | undefined, winner: FirstJob | null): SubmissionOutcome {
  if (!row) return { kind: 'analyzer_unavailable' };
  if (row.created) return { kind: 'created', createdAt: row.at, xid: row.xid };
  if (!winner) throw new Error('an idempotency key vanished between its conflict and its look-up');
  return winner;
}

/** SQLSTATE classes 22 (data) and 23 (constraints): the rows are at fault, not the connection. */
function isAboutRows(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^2[23]/.test(code);
}
