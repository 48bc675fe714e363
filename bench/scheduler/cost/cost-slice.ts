import type { Decision } from './steady-core.js';

/** What the decisions of one part of a run cost. */
export class CostSlice {
  private readonly dispatches: Decision[] = [];
  private readonly enqueues: Decision[] = [];
  private sentItems = 0;

  /** Timers are left out: they are few, and each stands for many expired items. */
  add(decision: Decision): void {
    if (decision.type === 'completed') this.dispatches.push(decision);
    if (decision.type === 'enqueue') this.enqueues.push(decision);
    this.sentItems += decision.sentItems;
  }

  /** Microseconds per handled event. */
  get events(): readonly number[] {
    return [...this.dispatches, ...this.enqueues].map(({ ms }) => ms * 1000);
  }

  /** Microseconds per event that ends a run and starts the next one. */
  get dispatchTimes(): readonly number[] {
    return this.dispatches.map(({ ms }) => ms * 1000);
  }

  get enqueueTimes(): readonly number[] {
    return this.enqueues.map(({ ms }) => ms * 1000);
  }

  /** Microseconds of a dispatch per item that leaves. */
  get perItem(): number {
    return (meanOf(this.dispatchTimes) * this.dispatches.length) / Math.max(1, this.sentItems);
  }

  /** Elementary steps of a dispatch per item that leaves. */
  get stepsPerItem(): number {
    return this.dispatches.reduce((sum, { steps }) => sum + steps, 0) / Math.max(1, this.sentItems);
  }

  get enqueueSteps(): number {
    return meanOf(this.enqueues.map(({ steps }) => steps));
  }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param q 0 to 1 */
export function quantileOf(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN;
}
