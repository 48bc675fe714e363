import type { Run } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import type { PeerView } from './peer-view.js';
import { Triton } from './triton.js';

/** Items that a tenant may send at once. */
const BURST = 10;

/** A token bucket per tenant in front of Triton without delay and with a timeout. */
export class TokenBucketTriton {
  private readonly triton: Triton;
  private readonly tokens: number[];
  private readonly filledAt: number[];

  /** @param rps what each tenant may send per second */
  constructor(
    view: PeerView,
    private readonly rps: number,
  ) {
    this.triton = new Triton(view, { delayMs: 0, hasTimeout: true });
    this.tokens = view.weights.map(() => BURST);
    this.filledAt = view.weights.map(() => 0);
  }

  arrive(item: SimItem, now: number): void {
    const { tenant } = item;
    const grownBy = ((now - (this.filledAt[tenant] ?? 0)) * this.rps) / 1000;
    const tokens = Math.min(BURST, (this.tokens[tenant] ?? 0) + grownBy);
    this.filledAt[tenant] = now;
    this.tokens[tenant] = tokens >= 1 ? tokens - 1 : tokens;
    if (tokens >= 1) this.triton.arrive(item, now);
  }

  ask(now: number, free: readonly number[]): Run | null {
    return this.triton.ask(now, free);
  }

  wakeAt(): number {
    return this.triton.wakeAt();
  }
}
