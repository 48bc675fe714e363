import type { ModelVersion } from '../inference/model-version.js';
import type { SchedulerError } from './gpu-scheduler.errors.js';
import { bytesOf } from './tensor-memory.js';
import type { Completed, WorkItem } from './work-item.js';

/** An item that was submitted and has not settled: its tensors, its promise, and where it is. */
export class PendingItem {
  readonly promise: Promise<Completed>;
  /** Of its tensors. */
  readonly bytes: number;
  state: 'queued' | 'in_flight' = 'queued';
  private readonly deferred = Promise.withResolvers<Completed>();
  private signal: AbortSignal | undefined;
  private onAbort: () => void = () => undefined;

  /**
   * @param enqueuedAt epoch ms
   * @param enqueuedMs the same instant on the monotonic clock
   */
  constructor(
    readonly item: WorkItem,
    readonly model: ModelVersion,
    readonly enqueuedAt: number,
    readonly enqueuedMs: number,
  ) {
    this.promise = this.deferred.promise;
    this.bytes = bytesOf(item.input);
  }

  /** Epoch ms of a monotonic instant, measured from the item's own enqueue so that its times stay in order. */
  epochAt(monotonicMs: number): number {
    return Math.round(this.enqueuedAt + monotonicMs - this.enqueuedMs);
  }

  /** Calls back when the signal aborts before the item settled. */
  watch(signal: AbortSignal | undefined, onAbort: () => void): void {
    this.signal = signal;
    this.onAbort = onAbort;
    signal?.addEventListener('abort', onAbort, { once: true });
  }

  resolve(completed: Completed): void {
    this.unwatch();
    this.deferred.resolve(completed);
  }

  reject(error: SchedulerError): void {
    this.unwatch();
    this.deferred.reject(error);
  }

  private unwatch(): void {
    this.signal?.removeEventListener('abort', this.onAbort);
  }
}
