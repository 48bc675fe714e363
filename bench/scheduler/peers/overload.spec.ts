import { describe, expect, it } from 'vitest';
import { scoreOf } from '../machine/score.js';
import { NOMINAL_RPS, sharedMachine, tenantPerModel } from '../workloads/shared-machine.js';
import { PEERS } from './registry.js';

const END_MS = 8000;
const scenario = sharedMachine({
  seed: 7,
  endMs: END_MS,
  weights: [1, 1, 1, 1],
  streams: tenantPerModel(2 * NOMINAL_RPS),
});

/** Goodput at the best value of the policy's knobs under twice the load that the machine serves. */
function best(policy: string): number {
  return Math.max(...(PEERS[policy] ?? []).map((variant) => scoreOf(scenario, variant.make(scenario)).goodputRps));
}

describe('under twice the load', () => {
  it.each(['triton', 'tfs', 'clipper', 'vtc', 'rr-edf'])('%s collapses: what it serves is too late', (policy) => {
    expect(best(policy)).toBeLessThan(0.3 * NOMINAL_RPS);
  });

  it.each(['bento', 'nexus', 'clockwork', 'shepherd', 'symphony', 'tfs-tenants'])('%s keeps its goodput', (policy) => {
    expect(best(policy)).toBeGreaterThan(0.9 * NOMINAL_RPS);
  });
});
