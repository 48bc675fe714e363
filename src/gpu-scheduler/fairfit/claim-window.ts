import type { Conductor } from './conductor.js';
import type { Lane } from './lane.js';

/** Lanes without an arrival for this long say nothing about what a tenant will send, ms. */
const IN_USE_MS = 10_000;
/** What is known of the lanes is looked up again after this time, ms: it costs a pass over all of them. */
const REFRESH_MS = 50;

const BATCHES_PER_LANE = 2;
/** Part of the usual deadline that tenants within their share may have queued here before other workers should go first. */
const SATED_PART = 0.25;

/** What the lanes in use have in common. */
interface LaneFacts {
  /** The dearest row, ms; 0 = not known. */
  readonly rowMs: number;
  /** Two batches that pay of each lane, rows: with less the devices lack choice, and a flood looks like a trickle. */
  readonly batchRows: number;
  /** The longest usual deadline, ms; null when no lane is in use. */
  readonly deadlineMs: number | null;
}

/**
 * How much of a tenant's work a claimer should hold ready. Several workers that claim from one table stay fair as long as
 * none of them holds more than its own devices work off soon. Only reads: it changes no decision.
 */
export class ClaimWindow {
  private lanes: LaneFacts | null = null;
  private lookedMs = -Infinity;

  constructor(private readonly parts: Conductor) {}

  /**
   * Rows that the tenant's share of the devices works off in the given time, at least two batches per lane of the size that
   * pays.
   * @returns null while nobody knows what a row costs
   */
  rows(tenantId: string, bandIndex: number, windowMs: number, nowMs: number): number | null {
    const rowsPerMs = this.rowsPerMs(tenantId, bandIndex, nowMs);
    if (rowsPerMs === null) return null;
    return Math.max(1, this.lanesAt(nowMs).batchRows, Math.floor(windowMs * rowsPerMs));
  }

  /** Time in which the tenant's share works one of its usual items off, ms; null while nobody knows. */
  itemMs(tenantId: string, bandIndex: number, nowMs: number): number | null {
    const rowsPerMs = this.rowsPerMs(tenantId, bandIndex, nowMs);
    return rowsPerMs === null || rowsPerMs === 0 ? null : (this.parts.tenants.get(tenantId)?.itemRows ?? 1) / rowsPerMs;
  }

  /** The longest usual deadline of the lanes in use, ms; null when none is. */
  usualDeadlineMs(nowMs: number): number | null {
    return this.lanesAt(nowMs).deadlineMs;
  }

  /** How far a tenant is ahead of the system's virtual time, ms per weight; 0 for one that is not, or not known. */
  leadMs(tenantId: string): number {
    const { tenants, queues } = this.parts;
    let most = 0;
    for (const { band, vtimeMs } of tenants.get(tenantId)?.bands ?? []) {
      most = Math.max(most, vtimeMs - (queues.bands[band]?.vtimeMs ?? 0));
    }
    return most;
  }

  /**
   * True while the tenants that stay inside their share have a quarter of the usual deadline queued per device: another
   * worker would serve more of their work sooner. What a flood has queued does not count.
   * @param leastMs a claimer that needs long to bring work holds at least this much, ms
   */
  isSated(leastMs: number, nowMs: number): boolean {
    const { queues } = this.parts;
    const deadlineMs = this.lanesAt(nowMs).deadlineMs ?? 0;
    const devices = this.devices();
    const limitMs = devices * Math.max(leastMs, deadlineMs * SATED_PART);
    let sumMs = 0;
    for (const { byVtimeOfAll, weights } of queues.bands) {
      byVtimeOfAll.ascend(({ owner }) => {
        const shareMs = (deadlineMs * devices * owner.tenant.weight) / weights;
        if (owner.queuedMs <= shareMs) sumMs += owner.queuedMs;
        return sumMs < limitMs;
      });
    }
    return sumMs > 0 && sumMs >= limitMs;
  }

  /** Rows queued by the tenant in a band and the bands above it. */
  queuedRows(tenantId: string, bandIndex: number): number {
    let sum = 0;
    for (const { band, queuedRows } of this.parts.tenants.get(tenantId)?.bands ?? []) {
      if (band <= bandIndex) sum += queuedRows;
    }
    return sum;
  }

  /** Null while nobody knows what a row costs. */
  private rowsPerMs(tenantId: string, bandIndex: number, nowMs: number): number | null {
    const { tenants, queues } = this.parts;
    const tenant = tenants.get(tenantId);
    const rowMs = tenant?.rowMs ?? this.lanesAt(nowMs).rowMs;
    if (!(rowMs > 0)) return null;
    const weight = tenant?.weight ?? 1;
    const isActive = (tenant?.bands[bandIndex]?.queuedItems ?? 0) > 0;
    const weights = (queues.bands[bandIndex]?.weights ?? 0) + (isActive ? 0 : weight);
    return (this.devices() * weight) / weights / rowMs;
  }

  private devices(): number {
    let devices = 0;
    for (const device of this.parts.fleet.devices.values()) if (device.isUp) devices += 1;
    return devices;
  }

  private lanesAt(nowMs: number): LaneFacts {
    if (this.lanes && nowMs - this.lookedMs < REFRESH_MS) return this.lanes;
    this.lookedMs = nowMs;
    let found: LaneFacts = { rowMs: 0, batchRows: 0, deadlineMs: null };
    for (const lane of this.parts.queues.lanes.values()) {
      if (lane.queuedRows === 0 && nowMs - lane.lastArrivalMs >= IN_USE_MS) continue;
      found = {
        rowMs: Math.max(found.rowMs, lane.unitMs),
        batchRows: found.batchRows + BATCHES_PER_LANE * this.usefulRows(lane),
        deadlineMs: Math.max(found.deadlineMs ?? 0, lane.givenMs),
      };
    }
    return (this.lanes = found);
  }

  /** More rows at once hardly save device time, or take too long for an item that just missed the batch. */
  private usefulRows({ referenceCost, maxBatchSize, givenMs }: Lane): number {
    if (!referenceCost) return 1;
    const paying = referenceCost.kneeRows(this.parts.options.usefulEpsilon);
    return Math.max(1, Math.min(maxBatchSize, paying, referenceCost.rowsWithin(givenMs / 2)));
  }
}
