import type { PriorityBand } from '../work-item.js';

/** What the scheduler keeps of one tenant. */
export class TenantAccount {
  /** Weight of the latest item. Recorded for the lag; round robin does not use it yet. */
  weight = 1;
  /** Queued rows by band. */
  readonly queuedRows: Record<PriorityBand, number> = { interactive: 0, standard: 0, bulk: 0 };
  inFlightRows = 0;
  /** Device time of the tenant's rows since the start, ms. */
  chargedDeviceMs = 0;
  completedItems = 0;
  private inFlightItems = 0;
  private maxInFlight: number | null = null;
  private limitedMs = 0;
  private limitedSince: number | null = null;

  constructor(readonly tenantId: string) {}

  /** True while the tenant has as many items running as it may. */
  get isAtLimit(): boolean {
    return this.limitedSince !== null;
  }

  /** Queued rows of all bands. */
  get totalQueuedRows(): number {
    return this.queuedRows.interactive + this.queuedRows.standard + this.queuedRows.bulk;
  }

  /** The limits of the latest item hold for the tenant. */
  adopt(weight: number, maxInFlight: number | null, nowMs: number): void {
    this.weight = weight;
    this.maxInFlight = maxInFlight;
    this.settleLimit(nowMs);
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
