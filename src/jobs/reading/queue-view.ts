import type { JobQueueDto } from '../dto/job-parts.dto.js';
import type { Job } from '../job.js';
import { ETA_MODEL, type JobOutlook, type QueueReason, type Range } from '../tenant-outlook.js';
import { estimateOf, fromInstant } from './estimate.js';
import type { DatedOutlook } from './queue-outlooks.js';
import { activeStage, isAtLastModel, type StageProgress } from './stage-progress.js';

/** What is known of a waiting job beside its own rows. */
export interface QueueFacts {
  /** Place among the tenant's queued jobs, from 1; null when not counted. */
  readonly tenantPosition: number | null;
  readonly outlooks: readonly DatedOutlook[];
}

export const NOTHING_KNOWN: QueueFacts = { tenantPosition: null, outlooks: [] };

/** True while a job waits: in the table, or in the queue of a worker. */
export function isWaiting(job: Job, stages: readonly StageProgress[]): boolean {
  return job.status === 'queued' || (job.status === 'running' && activeStage(stages) === 'batch');
}

/** Why and behind what a waiting job waits, and until when, as far as that is known. */
export function queueOf(job: Job, facts: QueueFacts): JobQueueDto {
  const tenantPosition = job.status === 'queued' ? facts.tenantPosition : null;
  const own = job.status === 'queued' ? behindTail(facts) : inWorker(job.rows.id, facts);
  return {
    position: own && job.status !== 'queued' ? own.outlook.ahead + 1 : null,
    tenantPosition,
    reason: own?.outlook.reason ?? null,
    batch: own ? fillOf(own) : null,
    estimatedStartAt: own && estimateOf(own.atMs, own.outlook.start),
    // What a model after this one takes is not known.
    estimatedFinishAt: own && isAtLastModel(job) ? estimateOf(own.atMs, sum(own.outlook.start, own.outlook.run)) : null,
    etaModel: own?.outlook.start ? ETA_MODEL : null,
  };
}

/** What the workers say of a job that is not there yet; times from now on, ms. */
export interface NextInQueue {
  readonly reason: QueueReason;
  /** Until its batch starts; null while nobody knows. */
  readonly start: Range | null;
  /** Until the end of that batch. */
  readonly finish: Range | null;
}

/** A job that would be submitted now; null while no worker has waiting jobs of the tenant. */
export function nextInQueue(facts: QueueFacts, nowMs: number): NextInQueue | null {
  const next = behindTail(facts);
  if (!next) return null;
  const { reason, start, run } = next.outlook;
  const from = (range: Range | null) => fromInstant(nowMs, next.atMs, range);
  return { reason, start: from(start), finish: from(sum(start, run)) };
}

interface DatedJob {
  readonly atMs: number;
  readonly outlook: JobOutlook;
}

function inWorker(jobId: string, { outlooks }: QueueFacts): DatedJob | null {
  for (const { atMs, outlook } of outlooks) {
    const found = outlook.jobs[jobId];
    if (found) return { atMs, outlook: found };
  }
  return null;
}

/** A job that no worker has yet starts after the tenant's last one in a worker, and after those before it in the table. */
function behindTail({ tenantPosition, outlooks }: QueueFacts): DatedJob | null {
  const [first] = outlooks.toSorted((a, b) => startMs(a) - startMs(b));
  if (!first) return null;
  const { tail } = first.outlook;
  // A hold ends before a job that is not there yet could join it.
  const reason = tail.reason === 'batch_filling' ? 'no_capacity' : tail.reason;
  const start = tenantPosition === null ? null : sum(tail.start, perJobOf(outlooks, tenantPosition));
  return { atMs: first.atMs, outlook: { ...tail, reason, fill: null, start } };
}

function startMs({ atMs, outlook }: DatedOutlook): number {
  return outlook.tail.start ? atMs + outlook.tail.start[0] : Infinity;
}

/** Workers take from the table side by side: their rates add up. Null when one of them does not know its own. */
function perJobOf(outlooks: readonly DatedOutlook[], jobs: number): Range | null {
  const perJob = outlooks.map(({ outlook }) => outlook.perJob);
  const rate = (quantile: 0 | 1) =>
    perJob.reduce((all, range) => all + (range ? 1 / Math.max(range[quantile], 0.01) : NaN), 0);
  const range: Range = [jobs / rate(0), jobs / rate(1)];
  return range.every(Number.isFinite) ? range : null;
}

function sum(a: Range | null, b: Range | null): Range | null {
  return a && b && [a[0] + b[0], a[1] + b[1]];
}

function fillOf({ atMs, outlook: { fill } }: DatedJob): JobQueueDto['batch'] {
  return fill && { filled: fill.filled, target: fill.target, flushAt: new Date(atMs + fill.inMs).toISOString() };
}
