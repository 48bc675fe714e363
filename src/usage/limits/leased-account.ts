import type { LimitState } from '../../http/limit-state.js';
import type { Lease } from './quota-lease.repository.js';
import type { LeasedName } from './quota-names.js';

/** A used-up limit is asked about again after this time: an operator may have raised it, a process given back. */
const RECHECK_MS = 1_000;
/** More is fetched when less than this share of the last slice is left. */
const LOW_SHARE = 0.25;

/** What this process holds of one limit of one tenant (or key) in the running window. */
export class LeasedAccount {
  private held = 0;
  private slice = 0;
  private taken = 0;
  private quota = 0;
  private windowSeconds = 0;
  private endsAtMs = -Infinity;
  private emptyUntilMs = -Infinity;
  /** Requests that wait for a lease. */
  waiting = 0;

  constructor(
    readonly name: LeasedName,
    readonly subject: string,
  ) {}

  /** True when `n` can be taken without asking the database. */
  has(n: number, nowMs: number): boolean {
    return nowMs < this.endsAtMs && this.held >= n;
  }

  /** True when the limit is known to be used up. */
  isEmpty(n: number, nowMs: number): boolean {
    return nowMs < this.emptyUntilMs && nowMs < this.endsAtMs && this.held < n;
  }

  /** True when the next slice should be on its way. */
  isLow(nowMs: number): boolean {
    return nowMs < this.endsAtMs && nowMs >= this.emptyUntilMs && this.held < this.slice * LOW_SHARE;
  }

  isOver(nowMs: number): boolean {
    return nowMs >= this.endsAtMs;
  }

  take(n: number): void {
    this.held -= n;
  }

  giveBack(n: number, nowMs: number): void {
    if (nowMs < this.endsAtMs) this.held += n;
  }

  /** What is unused and can be used by another process. */
  release(nowMs: number): number {
    const unused = nowMs < this.endsAtMs ? this.held : 0;
    this.held = 0;
    return unused;
  }

  /** @param asked how many were wanted: a smaller grant means that the rest is used up */
  refill(lease: Lease, asked: number, nowMs: number): void {
    const endsAtMs = nowMs + lease.leftMs;
    const isNewWindow = nowMs >= this.endsAtMs || endsAtMs > this.endsAtMs + (lease.windowSeconds * 1_000) / 2;
    if (isNewWindow) this.held = 0;
    this.held += lease.granted;
    this.slice = lease.granted;
    this.taken = lease.taken;
    this.quota = lease.quota;
    this.windowSeconds = lease.windowSeconds;
    this.endsAtMs = endsAtMs;
    this.emptyUntilMs = lease.granted < asked ? nowMs + RECHECK_MS : -Infinity;
  }

  state(nowMs: number): LimitState {
    const { name, quota, windowSeconds } = this;
    const left = Math.max(0, Math.floor(quota - this.taken + this.held));
    return { name, quota, windowSeconds, left, resetMs: Math.max(0, this.endsAtMs - nowMs) };
  }
}
