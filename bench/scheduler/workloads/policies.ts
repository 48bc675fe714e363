import { FAIRFIT } from '../fairfit/variants.js';
import { PEERS, type Variant } from '../peers/registry.js';

/** Peers that know no tenants. */
export const UNFAIR = [
  'triton',
  'tfs',
  'bento',
  'clipper',
  'nexus',
  'clockwork',
  'shepherd',
  'shepherd-preempt',
  'symphony',
] as const;

/** Peers that tell tenants apart. */
export const TENANT_AWARE = ['triton-priority', 'tfs-tenants', 'vtc', 'rr-edf', 'bucket'] as const;

/** Peers for workloads with one tenant per model. */
export const CAPACITY_PEERS = [...UNFAIR, 'vtc', 'rr-edf'] as const;

export const LRU_PEERS = ['lru-fifo', 'lru-edf', 'lru-slack'] as const;

/** The values of a policy's knobs; a quick run tries at most four of them. */
export function variantsOf(policy: string, isQuick: boolean): readonly Variant[] {
  const all = PEERS[policy] ?? FAIRFIT[policy];
  if (!all) throw new Error(`There is no policy ${policy}; choose among ${policyNames().join(', ')}.`);
  const step = isQuick ? Math.ceil(all.length / 4) : 1;
  return all.filter((_, i) => i % step === 0);
}

export function policyNames(): string[] {
  return [...Object.keys(PEERS), ...Object.keys(FAIRFIT)];
}
