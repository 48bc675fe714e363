import { Machine } from './machine.js';
import type { Policy, RunningRun } from './policy.js';
import type { Scenario } from './scenario.js';
import type { SimItem } from './sim-item.js';

/** The last arrivals are not counted: they could not have finished by the end. */
const TAIL_MS = 1000;

/** What one run of a policy over a scenario gives. Shares are 0 to 1. */
export interface Score {
  readonly counted: number;
  readonly onTimeShare: number;
  /** Items on time per second of the counted window. */
  readonly goodputRps: number;
  /** Share on time by tenant; NaN without arrivals. */
  readonly onTimeByTenant: readonly number[];
  /** Device time by tenant within [warm, end], ms. */
  readonly serviceByTenant: readonly number[];
  readonly serviceByBand: Readonly<Record<string, number>>;
  /** Largest difference of service / weight between two tenants at any time since warm-up, ms. */
  readonly gapMs: number;
  /** Median latency of the items that were done, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly loadsPerSecond: number;
}

/** Plays the scenario with the policy and scores it. */
export function scoreOf(scenario: Scenario, policy: Policy): Score {
  const ledger = new Ledger(scenario);
  new Machine(scenario, policy, (run, end, now) => ledger.post(run, end !== 'lost', now)).run();
  return ledger.score(scenario.items.filter((item) => isCounted(item, scenario)));
}

/** True when at least `share` of the counted arrivals are on time. Stops as soon as that cannot be any more. */
export function passes(scenario: Scenario, policy: Policy, share: number): boolean {
  const counted = scenario.items.filter((item) => isCounted(item, scenario));
  const allowed = Math.floor(counted.length * (1 - share) + 1e-9);
  let judged = 0;
  let late = 0;
  const judge = (now: number) => {
    for (let item = counted[judged]; item && item.deadline < now; item = counted[judged]) {
      if (!item.isOnTime) late += 1;
      judged += 1;
    }
    return late > allowed;
  };
  new Machine(scenario, policy).run(judge);
  return !judge(Infinity) && counted.length > 0;
}

function isCounted(item: SimItem, scenario: Scenario): boolean {
  const { warmMs, endMs, uncounted } = scenario;
  const at = item.arrivedAt;
  if (uncounted && at >= uncounted.fromMs && at < uncounted.toMs) return false;
  return at >= warmMs && at < endMs - TAIL_MS;
}

class Ledger {
  private readonly service: number[];
  private readonly byBand: Record<string, number> = {};
  private gapMs = 0;
  private loads = 0;

  constructor(private readonly scenario: Scenario) {
    this.service = scenario.tenants.map(() => 0);
  }

  post(run: RunningRun, isDone: boolean, now: number): void {
    const { warmMs, endMs } = this.scenario;
    if (now < warmMs || now > endMs || !isDone) return;
    if (run.withLoad) this.loads += 1;
    let weight = 0;
    for (const { kind } of run.items) weight += kind.size * kind.costFactor;
    for (const { tenant, kind } of run.items) {
      const ms = (run.actualMs * kind.size * kind.costFactor) / weight;
      this.service[tenant] = (this.service[tenant] ?? 0) + ms;
      this.byBand[kind.band] = (this.byBand[kind.band] ?? 0) + ms;
    }
    if (this.service.length <= 20) this.gapMs = Math.max(this.gapMs, this.spread());
  }

  score(counted: readonly SimItem[]): Score {
    const { tenants, warmMs, endMs } = this.scenario;
    const arrived = tenants.map(() => 0);
    const onTime = tenants.map(() => 0);
    const latencies: number[] = [];
    for (const item of counted) {
      arrived[item.tenant] = (arrived[item.tenant] ?? 0) + 1;
      if (item.finishedAt < Infinity) latencies.push(item.finishedAt - item.arrivedAt);
      if (item.isOnTime) onTime[item.tenant] = (onTime[item.tenant] ?? 0) + 1;
    }
    const total = onTime.reduce((sum, n) => sum + n, 0);
    latencies.sort((a, b) => a - b);
    return {
      counted: counted.length,
      onTimeShare: total / counted.length,
      goodputRps: (total * 1000) / (endMs - TAIL_MS - warmMs),
      onTimeByTenant: onTime.map((n, t) => n / (arrived[t] ?? 0)),
      serviceByTenant: this.service,
      serviceByBand: this.byBand,
      gapMs: this.gapMs,
      p50Ms: latencies[Math.floor(latencies.length / 2)] ?? NaN,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
      loadsPerSecond: (this.loads * 1000) / (endMs - warmMs),
    };
  }

  private spread(): number {
    const perWeight = this.service.map((ms, t) => ms / (this.scenario.tenants[t]?.weight ?? 1));
    return Math.max(...perWeight) - Math.min(...perWeight);
  }
}
