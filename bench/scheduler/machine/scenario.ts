import type { SimItem } from './sim-item.js';

/** One model in one shape bucket: L(b) = a*b + c in ms. */
export interface LaneSpec {
  readonly a: number;
  readonly c: number;
  /** Usual relative deadline, ms. */
  readonly sloMs: number;
}

export interface TenantSpec {
  readonly name: string;
  readonly weight: number;
  readonly limits?: TenantLimits;
}

/** What a tenant may have at once; absent = no limit. */
export interface TenantLimits {
  /** Queued units. */
  readonly maxEnqueued?: number;
  /** Items on devices. */
  readonly maxInFlight?: number;
}

export interface DeviceSpec {
  /** Run time over that of the reference device. */
  readonly slowdown: number;
  /** Models that fit at once; Infinity = all are resident from the start. */
  readonly slots: number;
  /** Gone from `fromMs` to `toMs`; what runs then is lost. */
  readonly outage?: { readonly fromMs: number; readonly toMs: number };
}

/** Everything a run needs. The same scenario serves all policies. */
export interface Scenario {
  readonly lanes: readonly LaneSpec[];
  readonly tenants: readonly TenantSpec[];
  readonly devices: readonly DeviceSpec[];
  /** In order of arrival. */
  readonly items: readonly SimItem[];
  readonly seed: number;
  readonly warmMs: number;
  readonly endMs: number;
  /** Half width of the uniform noise of a run: 0.1 = up to 10 % off. */
  readonly noise: number;
  /** Share of runs that fail. */
  readonly failShare: number;
  /** Time to load a model, ms; it occupies the device. */
  readonly loadMs: number;
  /** Run times that the policies are told, over the truth. */
  readonly belief: number;
  /** Arrivals of this time do not count. */
  readonly uncounted?: { readonly fromMs: number; readonly toMs: number };
}

const DEFAULTS = { noise: 0, failShare: 0, loadMs: 0, belief: 1 };

/** A scenario in which everything works and every run takes exactly what the line says, but for `facts`. */
export function scenarioOf(
  facts: Omit<Scenario, keyof typeof DEFAULTS> & Partial<Pick<Scenario, keyof typeof DEFAULTS>>,
): Scenario {
  return { ...DEFAULTS, ...facts };
}

/** Tenants with these weights. */
export function tenantsOf(weights: readonly number[]): TenantSpec[] {
  return weights.map((weight, i) => ({ name: `tenant-${i}`, weight }));
}

/** Equal devices that hold every model. */
export function devices(count: number, slots = Infinity): DeviceSpec[] {
  return Array.from({ length: count }, () => ({ slowdown: 1, slots }));
}
