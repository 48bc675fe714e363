import { Injectable } from '@nestjs/common';
import type { QuoteDto } from '../dto/quote.dto.js';
import { estimateOf } from '../reading/estimate.js';
import { QueueOutlooks } from '../reading/queue-outlooks.js';
import { nextInQueue } from '../reading/queue-view.js';
import { MEMORY, RECENT_MODEL } from '../recent/recent-model.js';
import { RecentStarts } from '../recent/recent-starts.js';
import { RecentTimes } from '../recent/recent-times.js';
import { queuedBefore, TenantQueues } from '../standing/tenant-queues.js';
import { ETA_MODEL, type Range } from '../tenant-outlook.js';

/** A job that may be submitted. */
export interface PlannedJob {
  /** Slug of its analyzer. */
  readonly analyzer: string;
  /** Models that it runs. */
  readonly models: number;
  /** As `jobs.priority`. */
  readonly band: number;
}

type Estimates = Pick<QuoteDto, 'estimatedStartAt' | 'estimatedFinishAt' | 'etaModel'>;

/** When a job would start and end that was submitted now. */
@Injectable()
export class JobEstimates {
  constructor(
    private readonly outlooks: QueueOutlooks,
    private readonly queues: TenantQueues,
    private readonly times: RecentTimes,
    private readonly starts: RecentStarts,
  ) {}

  /** Never before now. While jobs of the tenant wait in a worker, what that says counts; else the tenant's latest jobs do. */
  async of(tenantId: string, job: PlannedJob): Promise<Estimates> {
    const [outlooks, queue] = await Promise.all([this.outlooks.of(tenantId), this.queues.of(tenantId)]);
    const nowMs = Date.now();
    const before = queue ? queuedBefore(queue, job.band) : 0;
    const next = nextInQueue({ tenantPosition: before + 1, outlooks }, nowMs);
    // What a model after the first one takes is not known.
    if (next) return estimatesOf(nowMs, ETA_MODEL, next.start, job.models > 1 ? null : next.finish);
    // So many jobs and no worker that speaks of them: what was lately says nothing of it.
    if (before > MEMORY) return estimatesOf(nowMs, RECENT_MODEL, null, null);
    const [start, { next: finish }] = await Promise.all([
      this.starts.of(tenantId, job.analyzer),
      this.times.of(tenantId, job.analyzer),
    ]);
    return estimatesOf(Date.now(), RECENT_MODEL, start, finish);
  }
}

function estimatesOf(nowMs: number, model: string, start: Range | null, finish: Range | null): Estimates {
  return {
    estimatedStartAt: estimateOf(nowMs, start),
    estimatedFinishAt: estimateOf(nowMs, finish),
    etaModel: start || finish ? model : null,
  };
}
