import { PRIORITY_BANDS, type PriorityBand, type WaitReason } from '../work-item.js';
import type { Waits } from './commands.js';
import type { DeviceState } from './device-state.js';
import type { Item } from './item.js';
import type { Lane } from './lane.js';
import type { TenantAccount } from './tenant-account.js';

/** Plain copy of the core's state; nothing in it is live. Times are monotonic ms. */
export interface CoreSnapshot {
  readonly isDraining: boolean;
  readonly lanes: readonly {
    readonly lane: string;
    readonly modelVersionId: string;
    readonly shapeBucket: string;
    readonly queuedItems: number;
    readonly queuedRows: number;
  }[];
  /** Tenants with something queued or in flight. */
  readonly tenants: readonly {
    readonly tenantId: string;
    readonly weight: number;
    readonly queuedRows: Readonly<Record<PriorityBand, number>>;
    readonly inFlightRows: number;
    readonly completedItems: number;
    readonly chargedDeviceMs: number;
    /** Charged device ms per weight beyond the least served of these tenants. Claim for tenants in ascending lag. */
    readonly lagMs: number;
  }[];
  readonly devices: readonly {
    readonly id: string;
    readonly state: 'free' | 'busy' | 'stuck' | 'down';
    readonly busyMs: number;
    readonly residentModelVersionIds: readonly string[];
    readonly running: { readonly lane: string; readonly items: number; readonly rows: number } | null;
  }[];
}

/** Where a queued item stands. */
export interface ItemView {
  readonly lane: string;
  readonly reason: WaitReason;
  readonly waitedMs: number;
  readonly waits: Waits;
  /** Rows that have their turn before the item in its lane, as far as is queued now. */
  readonly rowsAhead: number;
  /** Device time ahead of the item over the able devices, ms; null while no device holds the model. */
  readonly estimatedStartMs: number | null;
}

/** Copies the state of the core. */
export function snapshotOf(
  lanes: Iterable<Lane>,
  accounts: Iterable<TenantAccount>,
  devices: Iterable<DeviceState>,
  isDraining: boolean,
): CoreSnapshot {
  const tenants = [...accounts].filter((t) => t.totalQueuedRows > 0 || t.inFlightRows > 0);
  const least = Math.min(...tenants.map((t) => t.chargedDeviceMs / t.weight));
  return {
    isDraining,
    lanes: [...lanes].map((lane) => ({
      lane: lane.id,
      modelVersionId: lane.facts.modelVersionId,
      shapeBucket: lane.facts.shapeBucket,
      queuedItems: lane.queuedItems,
      queuedRows: lane.queuedRows,
    })),
    tenants: tenants.map((t) => ({
      tenantId: t.tenantId,
      weight: t.weight,
      queuedRows: { ...t.queuedRows },
      inFlightRows: t.inFlightRows,
      completedItems: t.completedItems,
      chargedDeviceMs: t.chargedDeviceMs,
      lagMs: t.chargedDeviceMs / t.weight - least,
    })),
    devices: [...devices].map((device) => ({
      id: device.id,
      state: stateOf(device),
      busyMs: device.busyMs,
      residentModelVersionIds: device.residentModels,
      running: device.running && {
        lane: device.running.lane.id,
        items: device.running.items.length,
        rows: device.running.rows,
      },
    })),
  };
}

/** Explains a queued item. */
export function viewOf(
  item: Item,
  lane: Lane,
  devices: Iterable<DeviceState>,
  lanes: Iterable<Lane>,
  nowMs: number,
): ItemView {
  const rowsAhead = rowsBefore(item, lane);
  const able = [...devices].filter((device) => device.holds(lane.facts.modelVersionId));
  return {
    lane: lane.id,
    reason: item.reason,
    waitedMs: nowMs - item.enqueuedAtMs,
    waits: item.waits(nowMs),
    rowsAhead,
    estimatedStartMs: able.length > 0 ? estimateStartMs(lane, rowsAhead, able, lanes, nowMs) : null,
  };
}

/** The running batch that ends first, then one batch of every other lane for each batch of the item's own lane. */
function estimateStartMs(
  lane: Lane,
  rowsAhead: number,
  able: readonly DeviceState[],
  lanes: Iterable<Lane>,
  nowMs: number,
): number {
  const first = able[0] as DeviceState;
  const restMs = Math.min(...able.map((d) => (d.running ? Math.max(0, d.running.expectedAtMs - nowMs) : 0)));
  const batchesAhead = Math.floor(rowsAhead / lane.capacity);
  let turnMs = 0;
  for (const other of lanes) {
    if (other.queuedRows === 0 || !first.holds(other.facts.modelVersionId)) continue;
    turnMs += first.cost(other).expectedMs(Math.min(other.queuedRows, other.maxBatchSize));
  }
  return restMs + (batchesAhead * turnMs) / able.length;
}

/** Own older items and, of every other tenant, as many items as the item has turns to wait; higher bands in full. */
function rowsBefore(item: Item, lane: Lane): number {
  let rows = 0;
  let turns = 0;
  for (let older = item.prev; older; older = older.prev) {
    rows += older.facts.size;
    turns += 1;
  }
  for (const band of PRIORITY_BANDS) {
    const isOwnBand = band === item.facts.band;
    for (const { account, items } of lane.bands[band].queues()) {
      if (isOwnBand && account === item.account) continue;
      let left = isOwnBand ? turns + 1 : Infinity;
      for (const other of items) {
        if (left <= 0) break;
        rows += other.facts.size;
        left -= 1;
      }
    }
    if (isOwnBand) return rows;
  }
  return rows;
}

function stateOf(device: DeviceState): 'free' | 'busy' | 'stuck' | 'down' {
  if (!device.isUp) return 'down';
  if (!device.running) return 'free';
  return device.running.isAbandoned ? 'stuck' : 'busy';
}
