import { Injectable, Logger } from '@nestjs/common';
import type { ItemView } from '../../gpu-scheduler/fairfit/item-view.js';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { Quantiles, TenantWaits } from '../../gpu-scheduler/waiting-items.js';
import { type JobOutlook, queueReasonOf, type Range, type TenantOutlook } from '../tenant-outlook.js';
import { OutlooksRepository } from './outlooks.repository.js';
import { WorkerLease } from './worker-lease.js';

const EVERY_MS = 1_000;
/** Shorter waits are over before anybody reads of them, ms. */
const MIN_WAIT_MS = 500;

/** Tells once a second why the jobs in this worker's queue wait, for whoever asks the API. Says nothing while none does. */
@Injectable()
export class OutlookPublisher {
  private readonly log = new Logger(OutlookPublisher.name);
  private timer: NodeJS.Timeout | undefined;
  private publishing: Promise<void> | null = null;
  private hasPublished = false;

  constructor(
    private readonly scheduler: GpuSchedulerService,
    private readonly outlooks: OutlooksRepository,
    private readonly lease: WorkerLease,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.publishing ??= this.publish()
        .catch((error: unknown) => this.log.warn(`waits were not published: ${(error as Error).message}`))
        .finally(() => (this.publishing = null));
    }, EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.publishing;
    if (this.hasPublished) await this.outlooks.replace(this.lease.workerId, []).catch(() => undefined);
  }

  private async publish(): Promise<void> {
    const waits = this.scheduler.waits(MIN_WAIT_MS);
    if (waits.length === 0 && !this.hasPublished) return;
    this.hasPublished = waits.length > 0;
    await this.outlooks.replace(
      this.lease.workerId,
      waits.map((tenant) => ({ tenantId: tenant.tenantId, outlook: outlookOf(tenant) })),
    );
  }
}

function outlookOf({ items, tail, perItem }: TenantWaits): TenantOutlook {
  const jobs = new Map<string, JobOutlook>();
  for (const { itemId, view } of items) {
    // An item is named after its job and attempt. A job with several goes on when the last of them does.
    const jobId = itemId.slice(0, itemId.indexOf('/'));
    const [own, known] = [jobOutlook(view), jobs.get(jobId)];
    if (!known || startMs(own) > startMs(known)) jobs.set(jobId, own);
  }
  return { tail: jobOutlook(tail), perJob: perItem && rangeOf(perItem), jobs: Object.fromEntries(jobs) };
}

function startMs({ start }: JobOutlook): number {
  return start?.[0] ?? Infinity;
}

function jobOutlook({ reason, rowsAhead, estimatedStartMs, estimatedStartP90Ms, run, hold }: ItemView): JobOutlook {
  const isKnown = estimatedStartMs !== null && estimatedStartP90Ms !== null;
  return {
    reason: queueReasonOf(reason),
    ahead: rowsAhead,
    start: isKnown ? rangeOf({ p50Ms: estimatedStartMs, p90Ms: estimatedStartP90Ms }) : null,
    run: run && rangeOf({ p50Ms: run.expectedMs, p90Ms: run.upperMs }),
    fill:
      reason === 'batch_filling' && hold
        ? { filled: hold.rows, target: hold.targetRows, inMs: Math.round(hold.endsInMs) }
        : null,
  };
}

function rangeOf({ p50Ms, p90Ms }: Quantiles): Range {
  return [Math.round(p50Ms), Math.round(Math.max(p50Ms, p90Ms))];
}
