import type { Policy, Run, RunEnd, RunningRun } from '../machine/policy.js';
import type { Scenario } from '../machine/scenario.js';
import type { SimItem } from '../machine/sim-item.js';
import { ItemQueue } from '../peers/item-queue.js';
import { FairFitPolicy, tenantId } from './fairfit-policy.js';

/** How often a worker looks at the table though nothing happened, ms. */
const POLL_MS = 5;
/** A tenant's window holds this many SLOs of its share. */
const WINDOW_SLOS = 2;

interface WorkerSide {
  readonly policy: FairFitPolicy;
  readonly devices: ReadonlySet<number>;
  nextPollMs: number;
}

/**
 * Two workers with half of the devices each, which know nothing of each other. All work lies in one table; each worker
 * claims for the tenants in order of their lag, as much as its core has room for.
 */
export class TwoWorkers implements Policy {
  private readonly workers: readonly WorkerSide[];
  /** The table: rows of each tenant in order. */
  private readonly rows: readonly ItemQueue[];
  private readonly holders = new Map<SimItem, FairFitPolicy>();
  private readonly windowMs: number;

  constructor(private readonly scenario: Scenario) {
    this.windowMs = WINDOW_SLOS * Math.max(...scenario.lanes.map(({ sloMs }) => sloMs));
    const all = [...scenario.devices.keys()];
    const half = Math.ceil(all.length / 2);
    this.workers = [all.slice(0, half), all.slice(half)].map((devices, i) => ({
      policy: new FairFitPolicy(scenario, { costs: 'warmUp', devices }),
      devices: new Set(devices),
      nextPollMs: (POLL_MS * (i + 1)) / 2,
    }));
    this.rows = scenario.tenants.map(() => new ItemQueue());
  }

  arrive(item: SimItem, now: number): void {
    const retried = this.holders.get(item);
    if (retried) {
      retried.arrive(item, now);
      return;
    }
    this.rows[item.tenant]?.push(item);
  }

  ask(now: number): Run | null {
    for (const worker of this.workers) {
      const run = worker.policy.ask();
      if (run) return run;
    }
    return this.claimForIdle(now);
  }

  wakeAt(): number {
    return Infinity;
  }

  timerAt(): number {
    return Math.min(...this.workers.map(({ policy, nextPollMs }) => Math.min(nextPollMs, policy.timerAt())));
  }

  onTimer(now: number): void {
    for (const worker of this.workers) {
      if (worker.policy.timerAt() <= now) worker.policy.onTimer(now);
      if (now < worker.nextPollMs) continue;
      worker.nextPollMs = now + POLL_MS;
      this.claim(worker, now);
    }
  }

  ended(run: RunningRun, end: RunEnd, now: number): void {
    const worker = this.workers.find(({ devices }) => devices.has(run.device));
    worker?.policy.ended(run, end, now);
    if (worker) this.claim(worker, now);
  }

  private claimForIdle(now: number): Run | null {
    for (const worker of this.workers) {
      if (this.claim(worker, now) === 0) continue;
      const run = worker.policy.ask();
      if (run) return run;
    }
    return null;
  }

  private claim(worker: WorkerSide, now: number): number {
    const { core } = worker.policy;
    const waiting = this.scenario.tenants.map((_, t) => t).filter((t) => (this.rows[t]?.length ?? 0) > 0);
    if (waiting.length === 0) return 0;
    const ordered = waiting.sort((a, b) => core.leadMs(tenantId(a)) - core.leadMs(tenantId(b)));
    let claimed = 0;
    for (const tenant of ordered) {
      const id = tenantId(tenant);
      if (core.isSated(0) && core.queuedRowsFrom(id, 'standard') > 0) continue;
      const queue = this.rows[tenant] as ItemQueue;
      queue.dropWhile((item) => item.deadline <= now);
      const room = (core.windowRows(id, 'standard', this.windowMs) ?? 1) - core.queuedRowsFrom(id, 'standard');
      for (const item of queue.take(Math.max(0, room))) {
        this.holders.set(item, worker.policy);
        worker.policy.arrive(item, now);
        claimed += 1;
      }
    }
    return claimed;
  }
}
