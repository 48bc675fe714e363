import { PRIORITY_BANDS, type PriorityBand } from '../work-item.js';
import type { Conductor } from './conductor.js';
import type { DeviceState } from './device-state.js';
import type { EtaQuality } from './eta.js';

/** Plain copy of the core's state; nothing in it is live. Times are monotonic ms. */
export interface CoreSnapshot {
  readonly isDraining: boolean;
  readonly lanes: readonly {
    readonly lane: string;
    readonly modelVersionId: string;
    readonly shapeBucket: string;
    readonly queuedItems: number;
    readonly queuedRows: number;
    /** Usual relative deadline, ms. */
    readonly sloMs: number;
  }[];
  /** Tenants with something queued or in flight. */
  readonly tenants: readonly {
    readonly tenantId: string;
    readonly weight: number;
    readonly queuedRows: Readonly<Record<PriorityBand, number>>;
    readonly inFlightRows: number;
    readonly completedItems: number;
    readonly chargedDeviceMs: number;
    /** Cost of the tenant's rows beside the average, 1 = average. */
    readonly costFactor: number;
    /** Virtual time beyond the least served of these tenants, ms per weight. Claim for tenants in ascending lag. */
    readonly lagMs: number;
  }[];
  readonly bands: readonly {
    readonly band: PriorityBand;
    readonly vtimeMs: number;
    readonly creditMs: number;
    readonly serviceMs: number;
  }[];
  /** Device time that no tenant caused, ms. */
  readonly platformMs: number;
  readonly devices: readonly {
    readonly id: string;
    readonly state: 'free' | 'busy' | 'loading' | 'stuck' | 'down';
    readonly deviceClass: string;
    /** From dispatch to answer, what the runtime measured of it, and loads, ms. */
    readonly busyMs: number;
    readonly runMs: number;
    readonly loadMs: number;
    /** The part of the loads that no batch has paid for yet, ms. */
    readonly unpaidLoadMs: number;
    readonly loads: number;
    readonly evictions: number;
    readonly usedBytes: number;
    readonly residentModelVersionIds: readonly string[];
    readonly running: { readonly lane: string; readonly items: number; readonly rows: number } | null;
  }[];
  readonly costs: readonly {
    readonly modelVersionId: string;
    readonly shapeBucket: string;
    readonly deviceClass: string;
    readonly a: number;
    readonly c: number;
    readonly sigma: number;
    readonly overheadMs: number;
    readonly runs: number;
    readonly resets: number;
  }[];
  readonly eta: EtaQuality;
}

/** Copies the state of the core. */
export function snapshotOf(parts: Conductor, isDraining: boolean): CoreSnapshot {
  const { queues, fleet, charging, eta } = parts;
  return {
    isDraining,
    lanes: lanesOf(parts),
    tenants: tenantsOf(parts),
    bands: queues.bands.map(({ index, vtimeMs, creditMs, serviceMs }) => ({
      band: PRIORITY_BANDS[index] as PriorityBand,
      vtimeMs,
      creditMs,
      serviceMs,
    })),
    platformMs: charging.platformMs,
    devices: [...fleet.devices.values()].map(viewOfDevice),
    costs: costsOf(parts),
    eta: eta.quality(),
  };
}

function lanesOf({ queues }: Conductor): CoreSnapshot['lanes'] {
  return [...queues.lanes.values()].map((lane) => {
    const laneBands = queues.bandsOf(lane);
    return {
      lane: lane.id,
      modelVersionId: lane.facts.modelVersionId,
      shapeBucket: lane.facts.shapeBucket,
      queuedItems: laneBands.reduce((sum, { items }) => sum + items, 0),
      queuedRows: laneBands.reduce((sum, { rows }) => sum + rows, 0),
      sloMs: lane.sloMs,
    };
  });
}

function tenantsOf({ tenants }: Conductor): CoreSnapshot['tenants'] {
  const present = [...tenants.values()].filter((t) => t.totalQueuedRows > 0 || t.inFlightRows > 0);
  const vtimes = present.map((t) => Math.max(...t.bands.map((account) => account.vtimeMs)));
  const least = vtimes.reduce((low, vtimeMs) => Math.min(low, vtimeMs), Infinity);
  return present.map((t, i) => ({
    tenantId: t.tenantId,
    weight: t.weight,
    queuedRows: t.queuedRows,
    inFlightRows: t.inFlightRows,
    completedItems: t.completedItems,
    chargedDeviceMs: t.chargedDeviceMs,
    costFactor: Math.max(...t.bands.map((account) => account.cost.factor)),
    lagMs: (vtimes[i] as number) - least,
  }));
}

function costsOf({ fleet }: Conductor): CoreSnapshot['costs'] {
  return [...fleet.models.values()].flatMap((model) =>
    [...model.learned()].map(({ shapeBucket, deviceClass, cost: { a, c, sigma, overheadMs, runs, resets } }) => ({
      modelVersionId: model.id,
      shapeBucket,
      deviceClass,
      a,
      c,
      sigma,
      overheadMs,
      runs,
      resets,
    })),
  );
}

function viewOfDevice(device: DeviceState): CoreSnapshot['devices'][number] {
  const { id, deviceClass, busyMs, runMs, loadMs, loads, evictions, usedBytes, running, resident } = device;
  return {
    id,
    state: stateOf(device),
    deviceClass,
    busyMs,
    runMs,
    loadMs,
    unpaidLoadMs: [...resident.values()].reduce((sum, copy) => sum + copy.unpaidMs, 0),
    loads,
    evictions,
    usedBytes,
    residentModelVersionIds: [...resident.keys()],
    running: running && { lane: running.laneBand.lane.id, items: running.items.length, rows: running.rows },
  };
}

function stateOf({ isUp, running, loading }: DeviceState): 'free' | 'busy' | 'loading' | 'stuck' | 'down' {
  if (!isUp) return 'down';
  if (loading) return 'loading';
  if (!running) return 'free';
  return running.isAbandoned ? 'stuck' : 'busy';
}
