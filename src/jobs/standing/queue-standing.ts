import { Injectable } from '@nestjs/common';
import type { QueueDto, QueueNextDto, QueueWaitDto } from '../dto/queue.dto.js';
import { BANDS } from '../job.js';
import { estimateOf } from '../reading/estimate.js';
import { QueueOutlooks } from '../reading/queue-outlooks.js';
import { nextInQueue } from '../reading/queue-view.js';
import { ETA_MODEL } from '../tenant-outlook.js';
import { NotFoundError } from '../../common/domain-error.js';
import { Fleet } from './fleet.js';
import { queuedBefore, type TenantQueue, TenantQueues } from './tenant-queues.js';
import { TenantWaits } from './tenant-waits.js';

const WINDOW = '1h';

/** How a tenant stands: its queue, its share, why it waits, and its waits beside everybody's. */
@Injectable()
export class QueueStanding {
  constructor(
    private readonly queues: TenantQueues,
    private readonly outlooks: QueueOutlooks,
    private readonly own: TenantWaits,
    private readonly fleet: Fleet,
  ) {}

  /** @param tenantId uuid @throws NotFoundError for a tenant that is not there */
  async of(tenantId: string): Promise<QueueDto> {
    const queue = await this.queues.of(tenantId);
    if (!queue) throw new NotFoundError();
    const { running, limit, weight } = queue;
    const queued = queuedBefore(queue, BANDS.length - 1);
    const [next, entitled, waitMs] = await Promise.all([
      this.next(tenantId, queue),
      this.fleet.share(tenantId, weight),
      this.waitMs(tenantId),
    ]);
    return {
      object: 'queue',
      depth: queued + running,
      queued,
      running,
      limit,
      share: { weight, entitled },
      next,
      waitMs,
    };
  }

  private async next(tenantId: string, queue: TenantQueue): Promise<QueueNextDto> {
    const nowMs = Date.now();
    const tenantPosition = queuedBefore(queue, BANDS.indexOf('standard')) + 1;
    const next = nextInQueue({ tenantPosition, outlooks: await this.outlooks.of(tenantId) }, nowMs);
    return {
      reason: next?.reason ?? null,
      estimatedStartAt: estimateOf(nowMs, next?.start ?? null),
      etaModel: next?.start ? ETA_MODEL : null,
    };
  }

  private async waitMs(tenantId: string): Promise<QueueWaitDto> {
    const [own, all] = await Promise.all([this.own.of(tenantId), this.fleet.waits()]);
    return { window: WINDOW, ...own, fleetP50: all?.p50 ?? null, fleetP90: all?.p90 ?? null };
  }
}
