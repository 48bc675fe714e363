import type { PriorityBand } from '../work-item.js';
import { PRIORITY_BANDS } from '../work-item.js';
import { BandAccount } from './band-account.js';

/** Forgetting of the usual item. */
const USUAL_ALPHA = 0.1;

/** What the scheduler keeps of one tenant over all bands. */
export class TenantAccount {
  /** Weight of the latest item. */
  weight = 1;
  inFlightRows = 0;
  /** Device time of the tenant's rows since the start, ms. */
  chargedDeviceMs = 0;
  completedItems = 0;
  /** Expected cost of one row of its usual item, ms of the lane's reference class; null before the first that is known. */
  rowMs: number | null = null;
  /** Rows of its usual item. */
  itemRows = 1;
  readonly bands: readonly BandAccount[] = PRIORITY_BANDS.map((_, band) => new BandAccount(this, band));
  private inFlightItems = 0;
  private maxInFlight: number | null = null;
  private limitedMs = 0;
  private limitedSince: number | null = null;

  /** @param serial order of first appearance: breaks ties */
  constructor(
    readonly tenantId: string,
    readonly serial: number,
  ) {}

  /** True while the tenant has as many items running as it may. */
  get isAtLimit(): boolean {
    return this.limitedSince !== null;
  }

  /** Queued rows by band. */
  get queuedRows(): Record<PriorityBand, number> {
    const [interactive, standard, bulk] = this.bands.map((account) => account.queuedRows);
    return { interactive: interactive ?? 0, standard: standard ?? 0, bulk: bulk ?? 0 };
  }

  /** Queued rows of all bands. */
  get totalQueuedRows(): number {
    let rows = 0;
    for (const account of this.bands) rows += account.queuedRows;
    return rows;
  }

  /** The limits of the latest item hold for the tenant. */
  adopt(maxInFlight: number | null, nowMs: number): void {
    this.maxInFlight = maxInFlight;
    this.settleLimit(nowMs);
  }

  /** An item was queued. @param rowMs expected cost of a row; 0 = not known */
  sent(rows: number, rowMs: number): void {
    this.itemRows += USUAL_ALPHA * (rows - this.itemRows);
    if (rowMs > 0) this.rowMs = this.rowMs === null ? rowMs : this.rowMs + USUAL_ALPHA * (rowMs - this.rowMs);
  }

  started(rows: number, nowMs: number): void {
    this.inFlightItems += 1;
    this.inFlightRows += rows;
    this.settleLimit(nowMs);
  }

  ended(rows: number, nowMs: number): void {
    this.inFlightItems -= 1;
    this.inFlightRows -= rows;
    this.settleLimit(nowMs);
  }

  /** Total time at the limit up to now, ms. Never falls. */
  limitMs(nowMs: number): number {
    return this.limitedMs + (this.limitedSince === null ? 0 : nowMs - this.limitedSince);
  }

  private settleLimit(nowMs: number): void {
    const atLimit = this.maxInFlight !== null && this.inFlightItems >= this.maxInFlight;
    if (atLimit && this.limitedSince === null) this.limitedSince = nowMs;
    if (!atLimit && this.limitedSince !== null) {
      this.limitedMs += nowMs - this.limitedSince;
      this.limitedSince = null;
    }
  }
}
