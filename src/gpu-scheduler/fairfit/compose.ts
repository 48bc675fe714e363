import type { BandAccount } from './band-account.js';
import type { FairQueue } from './fair-queue.js';
import type { Fit } from './fit.js';
import type { Item } from './item.js';
import type { LaneBand } from './lane-band.js';
import type { Queues } from './queues.js';
import type { TenantQueue } from './tenant-queue.js';

/** Tenants set aside in one batch because nothing of theirs fits; past it the rest is filled by deadline. */
const MAX_ASIDE = 64;
/** Items looked at for the one most urgent item that fits alone. */
const MAX_LONE = 64;

/** Items of one inference batch, in slot order; they are out of their queues. */
export interface Composition {
  readonly items: readonly Item[];
  readonly rows: number;
  /** True when the next item did not fit any more. */
  readonly isFull: boolean;
  /** Every account that was served, with its rows. */
  readonly served: ReadonlyMap<BandAccount, Served>;
  /** Lanes and bands that items were taken from. */
  readonly homes: readonly LaneBand[];
}

/** What one account got of a batch. */
export interface Served {
  readonly vtimeBeforeMs: number;
  rows: number;
}

/** One batch in the making. */
class Draft {
  readonly items: Item[] = [];
  readonly served = new Map<BandAccount, Served>();
  readonly homes: LaneBand[] = [];
  readonly aside: { readonly queue: FairQueue; readonly tenant: TenantQueue }[] = [];
  rows = 0;
  earliestDueMs = Infinity;
  /** Nobody above this virtual time fills the room that an item of a tenant less served was too large for. */
  vtimeLimitMs = Infinity;
  isFull = false;

  constructor(
    /** Rows that the batch may hold in this pass. */
    public limit: number,
    readonly maxItems: number,
    readonly nowMs: number,
  ) {}

  get isOpen(): boolean {
    return this.rows < this.limit && this.items.length < this.maxItems;
  }
}

/** Who keeps the book of what runs. */
export interface ItemTaker {
  started(item: Item, nowMs: number): void;
}

/**
 * Fills a batch: the least served tenant first, its most urgent item that fits, and so on by local virtual time. First
 * what is dated (and aged, when the band may afford it), then undated items, then other bands of the lane; what is added
 * after the first pass never moves the finish past a deadline already taken.
 * @param taker told of each item at once, so that in-flight limits hold within the batch
 */
export class Composer {
  constructor(
    private readonly queues: Queues,
    private readonly taker: ItemTaker,
  ) {}

  compose(fit: Fit, nowMs: number, mayAge: boolean): Composition {
    const { laneBand } = fit;
    const isUndated = fit.branch === 'undated';
    const draft = new Draft(fit.rows, laneBand.lane.facts.alone ? 1 : Infinity, nowMs);
    const agedBefore = isUndated ? Infinity : mayAge ? nowMs : -Infinity;
    this.draw(draft, fit, laneBand.dated, laneBand.undated, agedBefore);
    this.giveBack(draft);
    if (draft.rows > 0) this.fill(draft, fit);
    if (draft.rows === 0) this.takeLone(draft, fit);
    for (const [account, { vtimeBeforeMs }] of draft.served) account.vtimeMs = vtimeBeforeMs;
    const { items, rows, served, homes } = draft;
    return { items, rows, isFull: draft.isFull || !draft.isOpen, served, homes };
  }

  /** Undated items of the lane, then the other bands from the highest, as far as no deadline is hurt. */
  private fill(draft: Draft, fit: Fit): void {
    const limit = Math.min(fit.fillRows, fit.cost.rowsWithin(draft.earliestDueMs - fit.startMs));
    const others = this.queues.bandsOf(fit.laneBand.lane).filter((other) => other !== fit.laneBand);
    for (const from of [fit.laneBand, ...others]) {
      draft.limit = Math.max(draft.rows, limit);
      if (from !== fit.laneBand) draft.vtimeLimitMs = Infinity;
      if (!draft.isOpen || from.items === 0) continue;
      this.draw(draft, { ...fit, rows: draft.limit }, from.dated, from.undated, Infinity);
      this.giveBack(draft);
    }
  }

  /** Takes items while they fit. @param agedBefore undated items take part when they are due by then */
  private draw(draft: Draft, fit: Fit, dated: FairQueue, undated: FairQueue, agedBefore: number): void {
    let finishMs = fit.startMs + fit.cost.upperMs(draft.limit);
    while (draft.isOpen) {
      const a = dated.least();
      const b = agedBefore === -Infinity ? null : undated.least();
      const isDated = a !== null && (b === null || a.account.vtimeMs <= b.account.vtimeMs);
      const tenant = isDated ? a : b;
      if (!tenant || tenant.account.vtimeMs > draft.vtimeLimitMs) return;
      if (draft.aside.length >= MAX_ASIDE) return this.drawByDeadline(draft, dated, finishMs);
      const item = isDated ? tenant.items.firstFrom(finishMs) : tenant.items.first();
      if (item && draft.rows === 0 && item.facts.size > draft.limit) finishMs = this.widen(draft, fit, item, finishMs);
      if (this.isBeyondShare(draft, fit, tenant)) this.setAside(draft, isDated ? dated : undated, tenant);
      else if (item && this.fits(draft, item, isDated ? finishMs : -Infinity, agedBefore)) this.take(draft, fit, item);
      else {
        if (item) this.boundFill(draft, fit, item);
        this.setAside(draft, isDated ? dated : undated, tenant);
      }
    }
  }

  /** The first item of a batch may be larger than planned when its own deadline allows it: else it would never run. */
  private widen(draft: Draft, fit: Fit, { facts, dueMs, isDated }: Item, finishMs: number): number {
    if (facts.size > fit.laneBand.lane.maxBatchSize) return finishMs;
    const widerMs = fit.startMs + fit.cost.upperMs(facts.size);
    if (isDated && dueMs < widerMs) return finishMs;
    draft.limit = facts.size;
    return widerMs;
  }

  private fits(draft: Draft, item: Item, finishMs: number, agedBefore: number): boolean {
    if (item.facts.size > draft.limit - draft.rows) return false;
    return item.isDated ? item.dueMs >= finishMs : item.dueMs <= agedBefore;
  }

  private isBeyondShare({ rows }: Draft, { shareBound }: Fit, { account }: TenantQueue): boolean {
    return shareBound !== null && rows >= shareBound.rows && !shareBound.conforming.holds(account);
  }

  /** Small items may fill the room that a large one leaves, but not for ever: at most a full batch ahead of its tenant. */
  private boundFill(draft: Draft, { cost, laneBand }: Fit, { facts, account }: Item): void {
    if (facts.size <= draft.limit - draft.rows) return;
    draft.isFull = true;
    const leastWeight = this.queues.bands[account.band]?.leastWeight ?? account.tenant.weight;
    const slackMs = cost.expectedMs(laneBand.lane.maxBatchSize) / leastWeight;
    draft.vtimeLimitMs = Math.min(draft.vtimeLimitMs, account.vtimeMs + slackMs);
  }

  private setAside(draft: Draft, queue: FairQueue, tenant: TenantQueue): void {
    queue.byVtime.remove(tenant.byVtime);
    draft.aside.push({ queue, tenant });
  }

  private giveBack(draft: Draft): void {
    for (const { queue, tenant } of draft.aside) {
      if (tenant.items.length > 0) queue.byVtime.set(tenant.byVtime, tenant.account.vtimeMs);
    }
    draft.aside.length = 0;
  }

  /** The rest of a batch with very many tenants whose items do not fit: whoever's deadline is next. */
  private drawByDeadline(draft: Draft, dated: FairQueue, finishMs: number): void {
    const chosen: Item[] = [];
    let rows = draft.rows;
    for (const item of dated.items.from(finishMs)) {
      if (rows + item.facts.size > draft.limit || chosen.length >= draft.maxItems) break;
      if (item.tenant.isAtLimit) continue;
      chosen.push(item);
      rows += item.facts.size;
    }
    for (const item of chosen) if (!item.tenant.isAtLimit) this.take(draft, null, item);
  }

  /** Nothing fits the plan: the one most urgent item that can still finish. */
  private takeLone(draft: Draft, fit: Fit): void {
    const { dated, undated } = fit.laneBand;
    let looked = 0;
    for (const queue of [dated, undated]) {
      const fromMs = queue === dated ? fit.startMs + fit.cost.upperMs(1) : -Infinity;
      for (const item of queue.items.from(fromMs)) {
        looked += 1;
        if (looked > MAX_LONE) return;
        const isInTime = !item.isDated || item.dueMs >= fit.startMs + fit.cost.upperMs(item.facts.size);
        if (item.tenant.isAtLimit || !isInTime) continue;
        draft.limit = item.facts.size;
        return this.take(draft, fit, item);
      }
    }
  }

  /** The account's virtual time grows at once, at the planned price; what the batch really costs is posted when it is complete. */
  private take(draft: Draft, fit: Fit | null, item: Item): void {
    const { account, facts } = item;
    const served = draft.served.get(account);
    if (served) served.rows += facts.size;
    else draft.served.set(account, { vtimeBeforeMs: account.vtimeMs, rows: facts.size });
    this.queues.detach(item);
    const home = this.queues.home(item);
    if (draft.homes.at(-1) !== home) draft.homes.push(home);
    if (fit) account.vtimeMs += ((fit.cost.expectedMs(fit.rows) / fit.rows) * facts.size) / account.tenant.weight;
    draft.items.push(item);
    draft.rows += facts.size;
    if (item.isDated) draft.earliestDueMs = Math.min(draft.earliestDueMs, item.dueMs);
    this.taker.started(item, draft.nowMs);
  }
}
