import type { Clock } from '../../common/clock.js';

const WINDOW_MS = 10 * 60_000;
const STRIKES_TO_SUSPEND = 3;
/** After so many good runs a strike is forgotten: the model works, and something else ended that engine. */
const RUNS_TO_FORGIVE = 100;

interface Strike {
  readonly atMs: number;
  /** Good runs of the model before it. */
  readonly runs: number;
}

/**
 * Counts how often each model version ended its engine. Three times within ten minutes suspend it, unless it served well in
 * between: a model that serves is not kept from everybody because of single inputs. An engine that was killed from outside
 * during a run is no strike.
 */
export class StrikeLog {
  private readonly strikes = new Map<string, readonly Strike[]>();
  private readonly runs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  add(modelVersionId: string): void {
    const strike = { atMs: this.clock.monotonic(), runs: this.runsOf(modelVersionId) };
    this.strikes.set(modelVersionId, [...this.counting(modelVersionId), strike]);
  }

  /** A run of the model ended well. */
  served(modelVersionId: string): void {
    this.runs.set(modelVersionId, this.runsOf(modelVersionId) + 1);
  }

  isSuspended(modelVersionId: string): boolean {
    return this.counting(modelVersionId).length >= STRIKES_TO_SUSPEND;
  }

  private counting(modelVersionId: string): Strike[] {
    const since = this.clock.monotonic() - WINDOW_MS;
    const forgiven = this.runsOf(modelVersionId) - RUNS_TO_FORGIVE;
    return (this.strikes.get(modelVersionId) ?? []).filter((s) => s.atMs > since && s.runs > forgiven);
  }

  private runsOf(modelVersionId: string): number {
    return this.runs.get(modelVersionId) ?? 0;
  }
}
