import type { WaitReason } from '../work-item.js';
import type { Waits } from './commands.js';
import type { EnqueuedItem } from './events.js';
import type { Linked } from './linked-queue.js';
import type { TenantAccount } from './tenant-account.js';

/** What holds an item up, apart from its tenant's own limit (`quota`), which the account measures. */
export type Hold = Extract<WaitReason, 'model_loading' | 'device_busy' | 'tenant_share'>;

/** An accepted item and the account of its wait: at any instant the time goes to exactly one reason. */
export class Item implements Linked<Item> {
  prev: Item | null = null;
  next: Item | null = null;
  state: 'queued' | 'running' | 'gone' = 'queued';
  private since: number;
  private limitSince: number;
  private readonly spentMs = new Map<WaitReason, number>();

  constructor(
    readonly facts: EnqueuedItem,
    readonly seq: number,
    readonly account: TenantAccount,
    readonly enqueuedAtMs: number,
    private hold: Hold,
  ) {
    this.since = enqueuedAtMs;
    this.limitSince = account.limitMs(enqueuedAtMs);
  }

  /** What holds the item up right now. */
  get reason(): WaitReason {
    return this.hold !== 'model_loading' && this.account.isAtLimit ? 'quota' : this.hold;
  }

  /** Closes the current interval and opens one with another reason. */
  holdFor(hold: Hold, nowMs: number): void {
    if (hold === this.hold) return;
    this.charge(this.spentMs, nowMs);
    this.since = nowMs;
    this.limitSince = this.account.limitMs(nowMs);
    this.hold = hold;
  }

  /** The wait so far by reason; adds up to now - enqueuedAtMs. Changes nothing. */
  waits(nowMs: number): Waits {
    const spent = new Map(this.spentMs);
    this.charge(spent, nowMs);
    return [...spent].map(([reason, ms]) => ({ reason, ms }));
  }

  private charge(spent: Map<WaitReason, number>, nowMs: number): void {
    const elapsedMs = nowMs - this.since;
    const limitedMs = this.account.limitMs(nowMs) - this.limitSince;
    const quotaMs = this.hold === 'model_loading' ? 0 : Math.min(elapsedMs, limitedMs);
    add(spent, 'quota', quotaMs);
    add(spent, this.hold, elapsedMs - quotaMs);
  }
}

function add(spent: Map<WaitReason, number>, reason: WaitReason, ms: number): void {
  if (ms > 0) spent.set(reason, (spent.get(reason) ?? 0) + ms);
}
