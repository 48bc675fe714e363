import type { Clock } from '../common/clock.js';
import type { LimitState } from './limit-state.js';

/** About 100 bytes each: 5 MB when a flood of addresses comes. */
const MAX_SUBJECTS = 50_000;

interface Policy {
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

/**
 * Counts by subject in fixed windows, in this process alone: for addresses, of which there are too many to count in the
 * database. Bounded: everybody shares one count once there are 50,000 subjects in a window.
 */
export class WindowCounter {
  private readonly counts = new Map<string, number>();
  private endsAtMs = -Infinity;

  constructor(
    private readonly policy: Policy,
    private readonly clock: Clock,
  ) {}

  /** Counts one request. False: the subject had used its limit up before. */
  take(subject: string): boolean {
    const key = this.keyOf(subject);
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= this.policy.quota;
  }

  /** True while another request would be refused. */
  isUsedUp(subject: string): boolean {
    return (this.counts.get(this.keyOf(subject)) ?? 0) >= this.policy.quota;
  }

  state(subject: string): LimitState {
    const left = Math.max(0, this.policy.quota - (this.counts.get(this.keyOf(subject)) ?? 0));
    return { ...this.policy, left, resetMs: Math.max(0, this.endsAtMs - this.clock.monotonic()) };
  }

  private keyOf(subject: string): string {
    if (this.clock.monotonic() >= this.endsAtMs) {
      this.counts.clear();
      this.endsAtMs = this.clock.monotonic() + this.policy.windowSeconds * 1_000;
    }
    return this.counts.has(subject) || this.counts.size < MAX_SUBJECTS ? subject : 'everybody else';
  }
}
