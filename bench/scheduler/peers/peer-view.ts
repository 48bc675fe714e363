import type { LaneSpec, Scenario } from '../machine/scenario.js';

/** Largest batch that any policy may form. */
export const MAX_BATCH = 512;

/** What a peer is told: the true run times (or wrong ones on purpose), weights and devices. */
export class PeerView {
  readonly lanes: readonly LaneSpec[];
  readonly weights: readonly number[];
  readonly deviceCount: number;
  readonly slots: number;
  readonly loadMs: number;

  constructor(scenario: Scenario) {
    const { belief } = scenario;
    this.lanes = scenario.lanes.map(({ a, c, sloMs }) => ({ a: a * belief, c: c * belief, sloMs }));
    this.weights = scenario.tenants.map(({ weight }) => weight);
    this.deviceCount = scenario.devices.length;
    this.slots = scenario.devices[0]?.slots ?? Infinity;
    this.loadMs = scenario.loadMs;
  }

  lane(index: number): LaneSpec {
    const lane = this.lanes[index];
    if (!lane) throw new Error(`There is no lane ${index}.`);
    return lane;
  }

  /** L(b) of the lane, ms. */
  runMs(lane: number, b: number): number {
    const { a, c } = this.lane(lane);
    return a * b + c;
  }

  /** Largest whole b with L(b) <= ms; may be below 1. */
  fitting(lane: number, ms: number): number {
    const { a, c } = this.lane(lane);
    return Math.floor((ms - c) / a + 1e-9);
  }

  /** By lane the largest b <= 512 with L(b) <= SLO / divisor, at least 1. */
  caps(divisor = 2): number[] {
    return this.lanes.map(({ sloMs }, lane) => {
      return Math.max(1, Math.min(MAX_BATCH, this.fitting(lane, sloMs / divisor)));
    });
  }
}
