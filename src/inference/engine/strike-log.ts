import type { Clock } from '../../common/clock.js';

const WINDOW_MS = 10 * 60_000;
const STRIKES_TO_SUSPEND = 3;

/** Counts how often each model version ended its engine; three times within ten minutes suspend it. */
export class StrikeLog {
  private readonly strikes = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  add(modelVersionId: string): void {
    this.strikes.set(modelVersionId, [...this.recent(modelVersionId), this.clock.monotonic()]);
  }

  isSuspended(modelVersionId: string): boolean {
    return this.recent(modelVersionId).length >= STRIKES_TO_SUSPEND;
  }

  private recent(modelVersionId: string): number[] {
    const since = this.clock.monotonic() - WINDOW_MS;
    return (this.strikes.get(modelVersionId) ?? []).filter((at) => at > since);
  }
}
