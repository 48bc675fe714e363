import type { Policy, Run, RunEnd, RunningRun } from './policy.js';
import { mulberry32, type Random } from './random.js';
import type { DeviceSpec, Scenario } from './scenario.js';

/** After the last arrival the queues may drain this long, ms. */
const DRAIN_MS = 60_000;

/** Told of every run that ends, also of those that fail. */
export type RunListener = (run: RunningRun, end: RunEnd, now: number) => void;

/**
 * Serial devices in simulated time. At each instant: arrivals up to now are admitted, ends up to now applied, then the
 * policy is asked while a device is free. A run takes L(b) * (1 + noise * U(-1, 1)). The items of a run that failed or
 * was lost arrive once more with the deadline they have, as their jobs would retry them.
 */
export class Machine {
  private readonly running: (RunningRun | null)[];
  private readonly isAway: boolean[];
  private readonly noise: Random;
  private readonly outages: readonly NonNullable<DeviceSpec['outage']>[];
  private next = 0;
  private now = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly policy: Policy,
    private readonly onEnd: RunListener = () => undefined,
  ) {
    this.running = scenario.devices.map(() => null);
    this.isAway = scenario.devices.map(() => false);
    this.outages = scenario.devices.flatMap(({ outage }) => outage ?? []);
    this.noise = mulberry32(scenario.seed + 99);
  }

  /**
   * Plays the scenario to its end.
   * @param isHopeless asked now and then; true ends the run at once
   */
  run(isHopeless: (now: number) => boolean = () => false): void {
    const { items } = this.scenario;
    for (const item of items) item.finishedAt = Infinity;
    const untilMs = (items.at(-1)?.arrivedAt ?? 0) + DRAIN_MS;
    for (let step = 1; ; step += 1) {
      const at = this.nextInstant();
      if (at > untilMs || (step % 512 === 0 && isHopeless(at))) return;
      this.now = Math.max(this.now, at);
      this.admit();
      this.finish();
      this.switchDevices();
      if (this.policy.timerAt && this.policy.timerAt() <= this.now) this.policy.onTimer?.(this.now);
      this.askWhileFree();
    }
  }

  private nextInstant(): number {
    let at = Math.min(this.scenario.items[this.next]?.arrivedAt ?? Infinity, this.policy.timerAt?.() ?? Infinity);
    let isAnyFree = false;
    for (let device = 0; device < this.running.length; device += 1) {
      const run = this.running[device];
      if (!run) isAnyFree ||= !this.isAway[device];
      else if (run.endsAt < at) at = run.endsAt;
    }
    if (isAnyFree) at = Math.min(at, this.policy.wakeAt());
    for (const outage of this.outages) {
      if (outage.fromMs > this.now) at = Math.min(at, outage.fromMs);
      else if (outage.toMs > this.now) at = Math.min(at, outage.toMs);
    }
    return at;
  }

  private admit(): void {
    const { items } = this.scenario;
    for (let item = items[this.next]; item && item.arrivedAt <= this.now; item = items[this.next]) {
      this.next += 1;
      this.policy.arrive(item, this.now);
    }
  }

  private finish(): void {
    for (const run of this.running) {
      if (!run || run.endsAt > this.now) continue;
      const { failShare } = this.scenario;
      this.end(run, failShare > 0 && this.noise() < failShare ? 'failed' : 'done');
    }
  }

  private end(run: RunningRun, end: RunEnd): void {
    this.running[run.device] = null;
    if (end === 'done') for (const item of run.items) item.finishedAt = run.endsAt;
    this.policy.ended?.(run, end, this.now);
    this.onEnd(run, end, this.now);
    if (end !== 'done') for (const item of run.items) this.policy.arrive(item, this.now);
  }

  private switchDevices(): void {
    if (this.outages.length === 0) return;
    this.scenario.devices.forEach(({ outage }, device) => {
      if (!outage) return;
      const isAway = outage.fromMs <= this.now && this.now < outage.toMs;
      if (isAway === this.isAway[device]) return;
      this.isAway[device] = isAway;
      if (isAway) this.policy.deviceAway?.(device, this.now);
      else this.policy.deviceBack?.(device, this.now);
      const run = this.running[device];
      if (isAway && run) this.end(run, 'lost');
    });
  }

  private askWhileFree(): void {
    if (this.policy.preempt) this.preempt();
    for (;;) {
      const free: number[] = [];
      for (let d = 0; d < this.running.length; d += 1) if (!this.running[d] && !this.isAway[d]) free.push(d);
      const run = free.length > 0 ? this.policy.ask(this.now, free) : null;
      if (!run) return;
      this.start(run);
    }
  }

  private preempt(): void {
    const running = this.running.filter((run): run is RunningRun => run !== null);
    const victim = running.length > 0 ? this.policy.preempt?.(this.now, running) : null;
    if (victim) this.running[victim.device] = null;
  }

  private start(run: Run): void {
    if (this.running[run.device]) throw new Error(`Device ${run.device} is busy.`);
    const lane = this.scenario.lanes[run.lane];
    const device = this.scenario.devices[run.device];
    if (!lane || !device) throw new Error('The policy named a lane or a device that does not exist.');
    let actualMs = 0;
    if (run.items.length > 0) {
      let units = 0;
      let load = 0;
      for (const item of run.items) {
        units += item.kind.size;
        load += item.kind.size * item.kind.costFactor;
      }
      actualMs = (lane.a * units + lane.c) * (load / units) * device.slowdown;
      if (this.scenario.noise > 0) actualMs *= 1 + this.scenario.noise * (2 * this.noise() - 1);
    }
    const loadMs = run.withLoad ? this.scenario.loadMs : 0;
    this.running[run.device] = { ...run, actualMs, startedAt: this.now, endsAt: this.now + loadMs + actualMs };
  }
}
