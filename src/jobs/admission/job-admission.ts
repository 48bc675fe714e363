import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../common/domain-error.js';
import { FairShare } from '../../common/fair-share.js';
import { LimitsConfig } from '../../config/config.js';
import { DiskGuard } from '../../files/disk-guard.js';
import { ProcessPressure } from '../../http/process-pressure.js';
import { QueueQuotaExceededError, QueuesFullError, TooManyPendingError } from './admission.errors.js';
import { JobQuotas } from './job-quotas.js';
import { Place } from './place.js';
import { QueueCounter } from './queue-counter.js';
import { retryAfterSeconds } from './retry-after.js';
import { TenantLimits } from './tenant-limits.js';

/** Decides whether one more job is taken in, before anything of it is stored. */
@Injectable()
export class JobAdmission {
  private readonly pending: FairShare;

  constructor(
    private readonly counter: QueueCounter,
    private readonly tenantLimits: TenantLimits,
    private readonly limits: LimitsConfig,
    private readonly disk: DiskGuard,
    private readonly pressure: ProcessPressure,
    private readonly quotas: JobQuotas,
  ) {
    this.pending = new FairShare(limits.maxPendingSubmits);
  }

  /**
   * Does the work of one submit as one of the bounded number that may be unanswered at a time.
   * @throws TooManyPendingError, or what `work` throws
   */
  async unanswered<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    if (!this.pending.take(tenantId)) throw new TooManyPendingError();
    try {
      return await work();
    } finally {
      this.pending.give(tenantId);
    }
  }

  /**
   * Takes a place in the queue for one job, which `write` makes durable with `place.commit`; else the place is given back.
   * @throws QueueQuotaExceededError, QueuesFullError, LimitExceededError, DiskFullError, ServerBusyError, or what `write` throws
   */
  async admit<T>(tenantId: string, write: (place: Place) => Promise<T>): Promise<T> {
    this.pressure.assertCalm();
    await this.disk.reserve(0);
    await this.counter.ready();
    let refusal = this.refusal(tenantId, await this.tenantLimits.of(tenantId));
    if (refusal && (await this.counter.recounted())) {
      refusal = this.refusal(tenantId, await this.tenantLimits.of(tenantId));
    }
    if (refusal) throw refusal;
    const place = new Place(this.counter.ledger, tenantId);
    try {
      return await this.quotas.spend(tenantId, place, () => write(place));
    } finally {
      place.release();
    }
  }

  /** How many more jobs the tenant may submit now, as far as this process knows. */
  async left(tenantId: string): Promise<number> {
    await this.counter.ready();
    const limit = await this.tenantLimits.of(tenantId);
    const { ledger } = this.counter;
    const left = Math.min(limit - ledger.of(tenantId).jobs, this.limits.maxQueuedJobs - ledger.total.jobs);
    return Math.max(0, left);
  }

  private refusal(tenantId: string, limit: number): DomainError | null {
    const { maxQueuedJobs } = this.limits;
    const { ledger } = this.counter;
    const own = ledger.of(tenantId);
    if (own.jobs >= limit) return new QueueQuotaExceededError(limit, own.jobs, retryAfterSeconds(own, limit));
    if (ledger.total.jobs < maxQueuedJobs) return null;
    return new QueuesFullError(retryAfterSeconds(ledger.total, maxQueuedJobs));
  }
}
