import type { PriorityBand } from '../work-item.js';

/** Tunables of the core. Every field has a default; see DEFAULT_OPTIONS for the values and their reasons. */
export interface FairFitOptions {
  /** Reserved share of busy device time per band while it has work, 0 to 1. */
  readonly bandFloors: Readonly<Record<PriorityBand, number>>;
  /** Age at which an undated item competes like a dated one, ms. */
  readonly undatedTargetMs: Readonly<Record<PriorityBand, number>>;
  /** Share of a band's device time that aged undated work may take from dated work, 0 to 1. */
  readonly agedShare: number;
  /** phi in lanes of one tenant, and for "anybody conforms": part of the SLO in which a conforming queue drains. */
  readonly conformingFraction: number;
  /** phi in lanes of two or more tenants. */
  readonly sharedConformingFraction: number;
  /** Theta in units of half the largest SLO: how far ahead of the least served a lane may be and still be chosen. */
  readonly fairnessSlackFactor: number;
  /** Upper bound of Theta, device ms. */
  readonly fairnessSlackMaxMs: number;
  /** z: safety margin of U(b) in sigmas. */
  readonly costMarginSigmas: number;
  /** Runs that a cost model remembers. */
  readonly costWindow: number;
  /** False keeps every line where its seed put it; only the margin learns. */
  readonly learnCosts: boolean;
  /** Charges follow a learned cost factor per tenant, so that dear items in mixed batches pay for themselves. */
  readonly learnTenantCosts: boolean;
  /** A batch of undated work grows until c/(a*b) falls to this. */
  readonly kneeEpsilon: number;
  /** A dated batch is never planned past the size where c/(a*b) falls to this. */
  readonly usefulEpsilon: number;
  /** A copy stays for this many load times after its last use. */
  readonly residencyHysteresis: number;
  /** A further copy is loaded when arrivals exceed this part of what the copies sustain. */
  readonly sustainFraction: number;
  /** Lets a few lanes over many devices wait for a better batch under load. */
  readonly hold: boolean;
  /** Longest hold after the oldest item came, ms. */
  readonly maxQueueDelayMs: number;
  /** Usual relative deadline of a lane before its first dated item, ms. */
  readonly defaultSloMs: number;
  /** Rows that one lane may have queued over all tenants. */
  readonly maxEnqueuedPerLane: number;
}

export const DEFAULT_OPTIONS: FairFitOptions = {
  bandFloors: { interactive: 0, standard: 0.05, bulk: 0.05 },
  undatedTargetMs: { interactive: 10_000, standard: 60_000, bulk: 600_000 },
  agedShare: 0.1,
  conformingFraction: 0.5,
  sharedConformingFraction: 1,
  fairnessSlackFactor: 4,
  fairnessSlackMaxMs: 2_000,
  costMarginSigmas: 1,
  costWindow: 64,
  learnCosts: true,
  learnTenantCosts: true,
  kneeEpsilon: 0.2,
  usefulEpsilon: 0.02,
  residencyHysteresis: 0.35,
  sustainFraction: 0.7,
  hold: true,
  maxQueueDelayMs: Infinity,
  defaultSloMs: 1_000,
  maxEnqueuedPerLane: Infinity,
};
