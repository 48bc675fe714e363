import type { WaitReason } from '../work-item.js';
import type { Waits } from './commands.js';

/** Shorter parts are rounding. */
const DUST_MS = 1e-9;

/** The dispatches that items enqueued since the last one wait for: shared by them all, closed by the next dispatch. */
export class Epoch {
  closedAtMs = Infinity;
  /** Band of the batch that closed it. */
  band = 0;
  /** Planned finish of that batch. */
  finishMs = 0;
  /** The batch held rows of this tenant only; null = of several. */
  onlyTenantId: string | null = null;

  close(nowMs: number, band: number, finishMs: number, onlyTenantId: string | null): void {
    this.closedAtMs = nowMs;
    this.band = band;
    this.finishMs = finishMs;
    this.onlyTenantId = onlyTenantId;
  }
}

/** Counters of ms that run while something holds up a whole lane. */
interface LaneMeters {
  /** The model is resident nowhere. */
  loadingMs(nowMs: number): number;
  /** The lane is held for a better batch. */
  fillingMs(nowMs: number): number;
}

/** Counter of ms that runs while a tenant is at its limit. */
interface TenantMeter {
  limitMs(nowMs: number): number;
}

/** A part of a wait in the making. */
interface Part {
  readonly reason: WaitReason;
  ms: number;
}

/** Who waits. */
interface Waiter {
  readonly tenantId: string;
  readonly band: number;
  /** null = undated. */
  readonly deadlineMs: number | null;
}

/**
 * Accounts for an item's wait in O(1): it keeps the meters as they stood at its enqueue and two epochs, one of all
 * dispatches and one of its lane. Before the first dispatch anywhere no device was free; from then on somebody went
 * first; from the first batch of its own lane that left without it, others of the lane went first.
 */
export class WaitClock {
  private readonly loadingMs: number;
  private readonly fillingMs: number;
  private readonly limitMs: number;

  constructor(
    readonly enqueuedAtMs: number,
    private readonly meters: LaneMeters,
    private readonly tenant: TenantMeter,
    private readonly anywhere: Epoch,
    private readonly lane: Epoch,
  ) {
    this.loadingMs = meters.loadingMs(enqueuedAtMs);
    this.fillingMs = meters.fillingMs(enqueuedAtMs);
    this.limitMs = tenant.limitMs(enqueuedAtMs);
  }

  /** The wait up to now by reason; adds up to now - enqueuedAtMs. Parts of 0 ms are left out. */
  waits(nowMs: number, waiter: Waiter): Waits {
    const parts: Part[] = [];
    let left = nowMs - this.enqueuedAtMs;
    const front = Math.min(left, this.meters.loadingMs(nowMs) - this.loadingMs);
    left -= take(parts, 'model_loading', front, left);
    const filling = Math.min(left, this.meters.fillingMs(nowMs) - this.fillingMs);
    left -= take(parts, 'batch_filling', filling, left);
    left -= take(parts, 'quota', this.tenant.limitMs(nowMs) - this.limitMs, left);
    const fromMs = this.enqueuedAtMs + front + filling;
    const firstMs = Math.min(nowMs, this.anywhere.closedAtMs);
    const ownMs = Math.min(nowMs, this.lane.closedAtMs);
    left -= take(parts, 'device_busy', Math.max(0, Math.min(firstMs, ownMs) - fromMs), left);
    left -= take(parts, this.turnReason(waiter), Math.max(0, ownMs - Math.max(fromMs, firstMs)), left);
    take(parts, this.shareReason(waiter), left, left);
    return parts;
  }

  /** What holds the item up right now, apart from the meters. */
  reason(waiter: Waiter): WaitReason {
    if (this.lane.closedAtMs < Infinity) return this.shareReason(waiter);
    return this.anywhere.closedAtMs < Infinity ? this.turnReason(waiter) : 'device_busy';
  }

  private turnReason(waiter: Waiter): WaitReason {
    return this.anywhere.band < waiter.band ? 'higher_band' : 'lane_turn';
  }

  private shareReason(waiter: Waiter): WaitReason {
    if (waiter.deadlineMs !== null && waiter.deadlineMs < this.lane.finishMs) return 'deadline';
    return this.lane.onlyTenantId === waiter.tenantId ? 'device_busy' : 'tenant_share';
  }
}

/** Adds up to `left` ms to the part of this reason. @returns what was added */
function take(parts: Part[], reason: WaitReason, ms: number, left: number): number {
  const part = Math.min(left, ms);
  if (part <= DUST_MS) return 0;
  const known = parts.find((other) => other.reason === reason);
  if (known) known.ms += part;
  else parts.push({ reason, ms: part });
  return part;
}
