import type { Policy, Run, RunEnd, RunningRun } from '../machine/policy.js';
import type { Scenario } from '../machine/scenario.js';
import type { SimItem } from '../machine/sim-item.js';

/** A peer on separate workers of one device each; arrivals go to them in turn. */
export class SplitPeer implements Policy {
  private readonly workers: readonly Policy[];
  private turn = 0;
  /** Devices that had nothing to run when last asked. */
  private idle: readonly number[] = [];

  /** @param make one worker's policy; it sees one device */
  constructor(scenario: Scenario, make: (scenario: Scenario) => Policy) {
    this.workers = scenario.devices.map((device) => make({ ...scenario, devices: [device] }));
  }

  arrive(item: SimItem, now: number): void {
    this.turn = (this.turn + 1) % this.workers.length;
    this.workers[this.turn]?.arrive(item, now);
  }

  ask(now: number, free: readonly number[]): Run | null {
    this.idle = free;
    for (const device of free) {
      const run = this.workers[device]?.ask(now, [0]);
      if (run) return { ...run, device };
    }
    return null;
  }

  ended(run: RunningRun, end: RunEnd, now: number): void {
    this.workers[run.device]?.ended?.(run, end, now);
  }

  wakeAt(): number {
    return Math.min(Infinity, ...this.idle.map((device) => this.workers[device]?.wakeAt() ?? Infinity));
  }
}
