import type { BandAccount } from './band-account.js';
import { IndexHeap } from './index-heap.js';
import type { LaneBand, LaneHeaps } from './lane-band.js';
import { SlidingMinimum } from './sliding-minimum.js';
import type { Work } from './work.js';

/** A higher band's deadlines bound lower bands for this long after its last arrival. */
const BLOCKING_SPAN_MS = 10_000;

/** One priority band: who is active in it, its system virtual time, its credits. */
export class Band {
  /** V: never falls, device ms per weight. */
  vtimeMs = 0;
  /** Reserved device time that the band has not had yet, ms. */
  creditMs = 0;
  /** Device time that aged undated items may take from dated ones, ms. */
  agedCreditMs = 0;
  /** Cost of the batch that the band would send next, as last seen, ms. */
  nextBatchMs = Infinity;
  nextUndatedMs = Infinity;
  /** Device time of its batches since the start, ms. */
  serviceMs = 0;
  /** Sum of the weights of tenants with queued items. */
  weights = 0;
  /** Cost of everything queued, device ms. */
  queuedMs = 0;
  undatedItems = 0;
  /** Tenants that could run now. */
  readonly byVtime: IndexHeap<BandAccount>;
  /** And those that wait for a load. */
  readonly byVtimeOfAll: IndexHeap<BandAccount>;
  /** Tenants with dated items, by queued dated cost per weight. */
  readonly byLoad: IndexHeap<BandAccount>;
  readonly byWeight: IndexHeap<BandAccount>;
  /** Lanes with dated items that some device can run. */
  readonly lanes = new Set<LaneBand>();
  /** Lanes with items whose model the core may load. */
  readonly demand: LaneHeaps;
  /** SLOs of dated arrivals. */
  readonly recentSlos = new SlidingMinimum(BLOCKING_SPAN_MS);

  constructor(
    readonly index: number,
    readonly floor: number,
    work: Work,
  ) {
    this.byVtime = new IndexHeap<BandAccount>(work);
    this.byVtimeOfAll = new IndexHeap<BandAccount>(work);
    this.byLoad = new IndexHeap<BandAccount>(work);
    this.byWeight = new IndexHeap<BandAccount>(work);
    this.demand = { dated: new IndexHeap<LaneBand>(work), undated: new IndexHeap<LaneBand>(work) };
  }

  get isEmpty(): boolean {
    return this.byWeight.length === 0;
  }

  /** Smallest weight of an active tenant. */
  get leastWeight(): number {
    return this.byWeight.peek()?.key ?? 1;
  }

  /** A tenant has its first item here: nothing is banked while idle. */
  activate(account: BandAccount): void {
    this.advance();
    account.creditMs = Math.min(account.creditMs, Math.max(0, account.vtimeMs - this.vtimeMs) * account.tenant.weight);
    account.vtimeMs = Math.max(account.vtimeMs, this.vtimeMs);
    this.weights += account.tenant.weight;
    this.byWeight.set(account.byWeight, account.tenant.weight);
  }

  deactivate(account: BandAccount): void {
    this.advance();
    this.weights -= account.byWeight.key;
    this.byWeight.remove(account.byWeight);
    this.byVtime.remove(account.byVtime);
    this.byVtimeOfAll.remove(account.byVtimeOfAll);
    if (!this.isEmpty) return;
    this.weights = 0;
    this.queuedMs = 0;
    this.creditMs = 0;
    this.agedCreditMs = 0;
  }

  /** The weight of an active tenant changed. */
  reweigh(account: BandAccount): void {
    if (account.byWeight.at < 0) return;
    this.weights += account.tenant.weight - account.byWeight.key;
    this.byWeight.set(account.byWeight, account.tenant.weight);
  }

  /** Keeps the tenant in the orders of virtual time while it may be served. */
  place(account: BandAccount): void {
    const { tenant, vtimeMs } = account;
    const mayRun = account.queuedItems > 0 && !tenant.isAtLimit;
    if (mayRun) this.byVtimeOfAll.follow(account.byVtimeOfAll, vtimeMs);
    else this.byVtimeOfAll.remove(account.byVtimeOfAll);
    if (mayRun && account.residentItems > 0) this.byVtime.follow(account.byVtime, vtimeMs);
    else this.byVtime.remove(account.byVtime);
  }

  /** V follows the least served tenant that can run. */
  advance(): void {
    const least = this.byVtime.peek();
    if (least) this.vtimeMs = Math.max(this.vtimeMs, least.key);
  }
}
