import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { FlushPacer } from '../../common/flush-pacer.js';
import { ChangeNotifier } from './change-notifier.js';
import type { JobEnd, JobJournal } from './job-journal.js';
import { Journals } from './journals.js';
import {
  type EndFlush,
  type Flush,
  RecordingRepository,
  type RequeueFlush,
  type Standing,
} from './recording.repository.js';

/** Largest flush: 500 jobs of about 2 KiB of rows are 1 MiB a statement. */
const MAX_FLUSH = 500;
/** A flush of this many jobs is worth its commit: more of them save little each. */
const FULL_FLUSH = 200;
/** Pause before a flush is tried again after the database failed. */
const RETRY_MS = 250;

/**
 * Writes the journals. One round at a time takes everything that is unwritten, in at most three statements (progress,
 * ends, requeues), each one transaction; the next round starts when the last is committed, so flushes grow with the load
 * and an idle worker writes at once. What a fence refuses is looked up and settled; nothing is assumed. While the database
 * is away a statement is repeated with the same rows, so that one whose answer was lost is recognized as written.
 */
@Injectable()
export class JobRecorder {
  private readonly log = new Logger(JobRecorder.name);
  private readonly dirty = new Set<JobJournal>();
  private running: Promise<void> | null = null;
  private readonly pacer: FlushPacer;
  /** Flushes that a fence refused: a stale worker's writes. */
  staleWrites = 0;

  constructor(
    private readonly repository: RecordingRepository,
    private readonly changes: ChangeNotifier,
    journals: Journals,
    clock: Clock,
  ) {
    this.pacer = new FlushPacer(clock, FULL_FLUSH, undefined, () => journals.size);
  }

  /** Tells the recorder that a journal has something to write. Returns at once. */
  touch(journal: JobJournal): void {
    this.dirty.add(journal);
    this.pacer.waiting(this.dirty.size);
    this.running ??= new Promise<void>((done) => setImmediate(() => void this.drain().finally(done)));
  }

  /** Resolves when everything appended so far is written or void. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async drain(): Promise<void> {
    while (this.dirty.size > 0) {
      await this.pacer.untilWorthIt(this.dirty.size);
      const round = [...this.dirty].slice(0, MAX_FLUSH);
      for (const journal of round) this.dirty.delete(journal);
      await this.write(round);
      this.pacer.flushed(round.length);
    }
    this.running = null;
  }

  private async write(round: readonly JobJournal[]): Promise<void> {
    const flushes = round.map(flushOf).sort(byKey);
    const ends = flushes.filter(isEnd);
    const progress = flushes.filter((f) => !isClosing(f) && f.items.length > 0 && !f.journal.stopped);
    await this.writeAll(progress, (f) => this.repository.progress(f));
    await this.writeAll(
      ends.filter((f) => !f.canceling),
      (f) => this.repository.finish(f),
    );
    await this.writeAll(
      ends.filter((f) => f.canceling),
      (f) => this.repository.finishCanceling(f),
    );
    await this.writeAll(flushes.filter(isRequeue), (f) => this.repository.requeue(f));
    this.changes.changed(
      flushes.map((f) => ({ tenantId: f.journal.claim.tenantId, jobId: f.journal.claim.jobId, goesOn: !isEnd(f) })),
    );
  }

  private async writeAll<F extends Flush>(
    flushes: F[],
    statement: (f: F[]) => Promise<Set<string> | null>,
  ): Promise<void> {
    if (flushes.length === 0) return;
    let written: Set<string> | null;
    try {
      written = await this.answerOf(() => statement(flushes));
    } catch (error) {
      return this.divide(flushes, statement, error as Error);
    }
    const refused = written ? flushes.filter((f) => !written.has(f.journal.claim.jobId)) : [];
    for (const f of flushes) if (!refused.includes(f)) this.committed(f);
    if (refused.length > 0) await this.settleRefused(refused);
  }

  /** Repeats the statement until the database answers. Throws when it cannot store what it was sent. */
  private async answerOf<T>(statement: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await statement();
      } catch (error) {
        if (isAboutTheRows(error)) throw error;
        this.log.warn(`recording failed, trying again: ${(error as Error).message}`);
        await delay(RETRY_MS);
      }
    }
  }

  /** One job that cannot be stored must not hold the others up: its attempt is void, and its claim is given back. */
  private async divide<F extends Flush>(
    flushes: F[],
    statement: (f: F[]) => Promise<Set<string> | null>,
    error: Error,
  ): Promise<void> {
    if (flushes.length === 1) {
      this.log.error(`job ${flushes[0]!.journal.claim.jobId} cannot be recorded: ${error.message}`);
      flushes[0]!.journal.settle(false);
      return;
    }
    const middle = Math.ceil(flushes.length / 2);
    await this.writeAll(flushes.slice(0, middle), statement);
    await this.writeAll(flushes.slice(middle), statement);
  }

  private committed(flush: Flush): void {
    const { journal } = flush;
    journal.written(flush.items.length);
    if (isClosing(flush)) journal.settle(true);
    else if (journal.unwritten.length > 0 || journal.close) this.dirty.add(journal);
  }

  /** A refused flush was either committed by a try whose answer was lost, or another now writes this job's history. */
  private async settleRefused(refused: readonly Flush[]): Promise<void> {
    const found = await this.answerOf(() => this.repository.inspect(refused));
    const standings = new Map(found.map((s) => [s.jobId, s]));
    for (const flush of refused) {
      const standing = standings.get(flush.journal.claim.jobId);
      if (standing && wasCommitted(flush, standing)) this.committed(flush);
      else if (standing?.mine && standing.state === 2) this.askedToCancel(flush.journal);
      else {
        this.staleWrites++;
        flush.journal.settle(false);
      }
    }
  }

  private askedToCancel(journal: JobJournal): void {
    journal.stop('cancel_asked');
    if (journal.stopped === 'lease_lost') journal.settle(false);
    else if (journal.close) this.dirty.add(journal);
  }
}

/** What a journal writes now. */
function flushOf(journal: JobJournal): Flush | EndFlush | RequeueFlush {
  const { close } = journal;
  const canceling = journal.stopped === 'cancel_asked';
  const base = { journal, firstSeq: journal.nextSeq, items: [...journal.unwritten] };
  if (close?.kind === 'end') {
    const items = canceling ? base.items.filter((item) => !WRITTEN_BY_CANCELLER.has(item.type)) : base.items;
    return { ...base, items, end: canceling ? asAsked(close.end) : close.end, canceling };
  }
  if (close?.kind === 'requeue') return canceling ? canceledInstead(journal) : { ...base, requeue: close.requeue };
  return base;
}

/** Whoever asked for the cancel wrote these; what really happened afterwards is this worker's to tell. */
const WRITTEN_BY_CANCELLER: ReadonlySet<string> = new Set(['job.started', 'job.canceling']);

/** When a client's cancel and the deadline meet, the timeline says who asked first; the reason must not contradict it. */
function asAsked(end: JobEnd): JobEnd {
  return end.status === 'canceled' ? { ...end, cancelReason: 'client' } : end;
}

function canceledInstead(journal: JobJournal): EndFlush {
  const items = [{ type: 'job.canceled' as const, at: new Date().toISOString() }];
  const end = {
    status: 'canceled' as const,
    cancelReason: 'client' as const,
    units: 0,
    deviceUs: 0,
    model: null,
    error: null,
    result: null,
  };
  return { journal, firstSeq: journal.nextSeq, items, end, canceling: true };
}

/** Flushes lock queue rows in key order: two statements over the same rows cannot deadlock. */
function byKey(a: Flush, b: Flush): number {
  const x = a.journal.claim;
  const y = b.journal.claim;
  return x.tenantId === y.tenantId ? (x.jobId < y.jobId ? -1 : 1) : x.tenantId < y.tenantId ? -1 : 1;
}

/** What a flush does is fixed when it is taken: its journal may be closed while it is in flight. */
function isEnd(flush: Flush): flush is EndFlush {
  return 'end' in flush;
}
function isRequeue(flush: Flush): flush is RequeueFlush {
  return 'requeue' in flush;
}
function isClosing(flush: Flush): boolean {
  return isEnd(flush) || isRequeue(flush);
}

function wasCommitted(flush: Flush, standing: Standing): boolean {
  if (isEnd(flush)) return !standing.mine && standing.endedAttempt === flush.journal.claim.attempt;
  if (isRequeue(flush)) return !standing.mine && standing.logged;
  return standing.mine && standing.logged;
}

/** SQLSTATE classes data exception, integrity violation and limit exceeded, or rows too large to be sent at all. */
function isAboutTheRows(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof RangeError || (typeof code === 'string' && /^(22|23|54)...$/.test(code));
}
