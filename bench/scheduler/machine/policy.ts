import type { SimItem } from './sim-item.js';

/** What a policy puts on a free device: a batch of one lane, a load, or both. */
export interface Run {
  readonly device: number;
  readonly lane: number;
  /** Empty = only a load. */
  readonly items: readonly SimItem[];
  /** Load the lane's model first. */
  readonly withLoad: boolean;
}

/** A run on its device. */
export interface RunningRun extends Run {
  readonly startedAt: number;
  /** Known to the machine only. */
  readonly endsAt: number;
  /** What the device really spends on it, without the load, ms. */
  readonly actualMs: number;
}

/** How a run ended. */
export type RunEnd = 'done' | 'failed' | 'lost';

/** A scheduler under test. Items that it forgets count as failed. Times are simulated ms. */
export interface Policy {
  arrive(item: SimItem, now: number): void;
  /** The next run for one of the free devices (indexes, ascending); null = none now. */
  ask(now: number, free: readonly number[]): Run | null;
  /** When to be asked again though nothing arrived or ended, while a device is free; Infinity = never. */
  wakeAt(): number;
  /** When `onTimer` is due, whether devices are free or not; Infinity = never. */
  timerAt?(): number;
  onTimer?(now: number): void;
  ended?(run: RunningRun, end: RunEnd, now: number): void;
  /** A run to stop so that its device is free; the policy takes the items back. */
  preempt?(now: number, running: readonly RunningRun[]): RunningRun | null;
  deviceAway?(device: number, now: number): void;
  deviceBack?(device: number, now: number): void;
}
