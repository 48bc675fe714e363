import { Injectable } from '@nestjs/common';
import type { RunBatchCommand } from './fairfit/commands.js';
import type { SchedulerErrorCode } from './gpu-scheduler.errors.js';
import type { DispatchReason, WaitReason } from './work-item.js';

/** Upper bounds of the batch size histogram, rows. */
const SIZE_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128] as const;

/** Counters since the start of the process, ready for a metrics endpoint. Sums of ms are fractional. */
export interface SchedulerCounters {
  readonly itemsSubmitted: number;
  readonly itemsCompleted: number;
  readonly batchesCompleted: number;
  readonly batchesFailed: number;
  readonly recorderErrors: number;
  readonly dispatchesByReason: Readonly<Partial<Record<DispatchReason, number>>>;
  readonly rejectsByCode: Readonly<Partial<Record<SchedulerErrorCode, number>>>;
  readonly waitMsByReason: Readonly<Partial<Record<WaitReason, number>>>;
  /** Measured time inside the runtime by device id, ms. */
  readonly deviceBusyMs: Readonly<Record<string, number>>;
  /** Rows per inference batch; cumulative as in Prometheus: each bucket counts all batches up to its bound. */
  readonly batchSize: {
    readonly buckets: readonly { readonly le: number; readonly count: number }[];
    readonly count: number;
    readonly sum: number;
  };
}

/** Counts what the scheduler does. */
@Injectable()
export class SchedulerMetrics {
  private itemsSubmitted = 0;
  private itemsCompleted = 0;
  private batchesCompleted = 0;
  private batchesFailed = 0;
  private recorderErrors = 0;
  private readonly dispatches = new Map<DispatchReason, number>();
  private readonly rejects = new Map<SchedulerErrorCode, number>();
  private readonly waitMs = new Map<WaitReason, number>();
  private readonly busyMs = new Map<string, number>();
  private readonly sizeCounts = SIZE_BOUNDS.map(() => 0);
  private sizes = { count: 0, sum: 0 };

  submitted(): void {
    this.itemsSubmitted += 1;
  }

  dispatched(batch: RunBatchCommand): void {
    add(this.dispatches, batch.dispatchReason, 1);
    for (const { waits } of batch.items) for (const { reason, ms } of waits) add(this.waitMs, reason, ms);
    SIZE_BOUNDS.forEach((bound, i) => {
      if (batch.rows <= bound) this.sizeCounts[i] = (this.sizeCounts[i] ?? 0) + 1;
    });
    this.sizes = { count: this.sizes.count + 1, sum: this.sizes.sum + batch.rows };
  }

  completed(device: string, items: number, deviceMs: number): void {
    this.batchesCompleted += 1;
    this.itemsCompleted += items;
    add(this.busyMs, device, deviceMs);
  }

  failed(): void {
    this.batchesFailed += 1;
  }

  rejected(code: SchedulerErrorCode): void {
    add(this.rejects, code, 1);
  }

  recorderFailed(): void {
    this.recorderErrors += 1;
  }

  /** A plain copy. */
  counters(): SchedulerCounters {
    return {
      itemsSubmitted: this.itemsSubmitted,
      itemsCompleted: this.itemsCompleted,
      batchesCompleted: this.batchesCompleted,
      batchesFailed: this.batchesFailed,
      recorderErrors: this.recorderErrors,
      dispatchesByReason: Object.fromEntries(this.dispatches),
      rejectsByCode: Object.fromEntries(this.rejects),
      waitMsByReason: Object.fromEntries(this.waitMs),
      deviceBusyMs: Object.fromEntries(this.busyMs),
      batchSize: {
        buckets: SIZE_BOUNDS.map((le, i) => ({ le, count: this.sizeCounts[i] ?? 0 })),
        ...this.sizes,
      },
    };
  }
}

function add<K>(counts: Map<K, number>, key: K, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
