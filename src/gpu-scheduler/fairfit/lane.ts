import { PRIORITY_BANDS, type PriorityBand } from '../work-item.js';
import { fillOrder } from './band-turns.js';
import type { EnqueuedItem } from './events.js';
import type { Hold, Item } from './item.js';
import { TenantTurns } from './tenant-turns.js';

/** Items of one inference batch, in slot order. */
export interface Composition {
  readonly items: readonly Item[];
  readonly rows: number;
  /** True when the next item did not fit any more. */
  readonly isFull: boolean;
}

type LaneFacts = Pick<EnqueuedItem, 'modelVersionId' | 'shapeBucket' | 'alone'>;

/** Name of the lane of a model version and shape bucket; lanes of lone items are apart. */
export function laneId(facts: LaneFacts): string {
  return `${facts.modelVersionId}/${facts.shapeBucket}${facts.alone ? '/alone' : ''}`;
}

/** Queue of the items that can share an inference batch: one model version, one shape bucket. */
export class Lane {
  readonly id: string;
  readonly bands: Readonly<Record<PriorityBand, TenantTurns>> = {
    interactive: new TenantTurns(),
    standard: new TenantTurns(),
    bulk: new TenantTurns(),
  };
  queuedItems = 0;
  queuedRows = 0;

  constructor(
    readonly facts: LaneFacts,
    readonly maxBatchSize: number,
  ) {
    this.id = laneId(facts);
  }

  push(item: Item): void {
    this.bands[item.facts.band].push(item);
    this.count(item, 1);
  }

  remove(item: Item): void {
    this.bands[item.facts.band].remove(item);
    this.count(item, -1);
  }

  /** Gives every queued item the same reason to wait from now on. */
  holdAll(hold: Hold, nowMs: number): void {
    for (const item of this.queued()) item.holdFor(hold, nowMs);
  }

  /** All queued items, by band, tenant turn and age. */
  *queued(): Generator<Item> {
    for (const band of PRIORITY_BANDS) {
      for (const queue of this.bands[band].queues()) yield* queue.items;
    }
  }

  /**
   * Takes the items of the next inference batch out of the lane: the turns of the given band first, then the others
   * from the highest, up to `maxBatchSize` rows (one item in a lane of lone items).
   * @param onTaken called for each item at once, so that in-flight limits hold within the batch
   */
  compose(first: PriorityBand, dispatch: number, onTaken: (item: Item) => void): Composition {
    const items: Item[] = [];
    let used = 0;
    let isFull = false;
    for (const band of fillOrder(first)) {
      this.bands[band].serve((item) => {
        if (used + this.share(item) > this.capacity) {
          isFull = true;
          return false;
        }
        used += this.share(item);
        items.push(item);
        this.bands[band].lastServed = dispatch;
        this.count(item, -1);
        onTaken(item);
        return true;
      });
    }
    const rows = items.reduce((sum, item) => sum + item.facts.size, 0);
    return { items, rows, isFull: isFull || used >= this.capacity };
  }

  /**
   * After a batch: an item that would have been in it, had its tenant been alone in the lane, waits for the share of its
   * tenant from now on. Tenants at their own limit are left out.
   */
  markLeftBehind(taken: readonly Item[], nowMs: number): void {
    const used = new Map<string, number>();
    for (const item of taken) used.set(item.facts.tenantId, (used.get(item.facts.tenantId) ?? 0) + this.share(item));
    for (const band of PRIORITY_BANDS) {
      for (const { account, items } of this.bands[band].queues()) {
        if (account.isAtLimit) continue;
        let own = used.get(account.tenantId) ?? 0;
        for (const item of items) {
          own += this.share(item);
          if (own > this.capacity) break;
          item.holdFor('tenant_share', nowMs);
        }
        used.set(account.tenantId, own);
      }
    }
  }

  /** Largest batch: rows, or one item in a lane of lone items. */
  get capacity(): number {
    return this.facts.alone ? 1 : this.maxBatchSize;
  }

  /** What an item takes of the capacity. */
  private share(item: Item): number {
    return this.facts.alone ? 1 : item.facts.size;
  }

  private count(item: Item, sign: 1 | -1): void {
    this.queuedItems += sign;
    this.queuedRows += sign * item.facts.size;
    item.account.queuedRows[item.facts.band] += sign * item.facts.size;
  }
}
