import type { Policy } from '../machine/policy.js';
import type { Scenario } from '../machine/scenario.js';
import { Bento } from './bento.js';
import { Clipper } from './clipper.js';
import { Clockwork } from './clockwork.js';
import { LeastSlack } from './least-slack.js';
import { LruResidency } from './lru-residency.js';
import { Nexus } from './nexus.js';
import { PeerView } from './peer-view.js';
import { RoundRobinEdf } from './rr-edf.js';
import { Shepherd, ShepherdPreemptive } from './shepherd.js';
import { SplitPeer } from './split-peer.js';
import { Symphony } from './symphony.js';
import { TfServing } from './tf-serving.js';
import { TfTenantQueues } from './tf-tenant-queues.js';
import { TokenBucketTriton } from './token-bucket.js';
import { Triton } from './triton.js';
import { TritonPriority } from './triton-priority.js';
import { Vtc } from './vtc.js';

/** One value of a policy's knobs. */
export interface Variant {
  /** Empty for a policy without knobs. */
  readonly label: string;
  make(scenario: Scenario): Policy;
}

const DELAYS_MS = [0, 5, 10, 20, 30, 40];

/** Every peer with the values over which its knobs are swept. */
export const PEERS: Readonly<Record<string, readonly Variant[]>> = {
  triton: [true, false].flatMap((hasTimeout) =>
    DELAYS_MS.map((delayMs) => ({
      label: `${delayMs} ms${hasTimeout ? ', timeout' : ''}`,
      make: (s: Scenario) => new Triton(new PeerView(s), { delayMs, hasTimeout }),
    })),
  ),
  'triton-priority': [
    { label: 'first tenant first', make: (s) => new TritonPriority(new PeerView(s), levels(s, false)) },
    { label: 'first tenant last', make: (s) => new TritonPriority(new PeerView(s), levels(s, true)) },
  ],
  tfs: DELAYS_MS.map((ms) => ({ label: `${ms} ms`, make: (s) => new TfServing(new PeerView(s), ms) })),
  'tfs-tenants': [2, 4, 8, 16, 32].flatMap((cap) =>
    [0, 10, 20, 40].flatMap((timeoutMs) =>
      [1, 2].map((enqueuedBatches) => ({
        label: `cap ${cap}, ${timeoutMs} ms, ${enqueuedBatches} batch`,
        make: (s: Scenario) => new TfTenantQueues(new PeerView(s), { cap, timeoutMs, enqueuedBatches }),
      })),
    ),
  ),
  bento: [{ label: '', make: (s) => new Bento(new PeerView(s)) }],
  clipper: [{ label: '', make: (s) => new Clipper(new PeerView(s)) }],
  nexus: [{ label: '', make: (s) => new Nexus(new PeerView(s)) }],
  clockwork: [{ label: '', make: (s) => new Clockwork(new PeerView(s)) }],
  shepherd: [{ label: '', make: (s) => new Shepherd(new PeerView(s)) }],
  'shepherd-preempt': [{ label: '', make: (s) => new ShepherdPreemptive(new PeerView(s)) }],
  symphony: [{ label: '', make: (s) => new Symphony(new PeerView(s)) }],
  vtc: [2, 3].map((divisor) => ({ label: `SLO/${divisor}`, make: (s) => new Vtc(new PeerView(s), divisor) })),
  'rr-edf': [2, 3].map((divisor) => ({
    label: `SLO/${divisor}`,
    make: (s) => new RoundRobinEdf(new PeerView(s), divisor),
  })),
  bucket: [150, 400, 800].map((rps) => ({
    label: `${rps} rps`,
    make: (s) => new TokenBucketTriton(new PeerView(s), rps),
  })),
  'nexus-split': [{ label: '', make: (s) => new SplitPeer(s, (one) => new Nexus(new PeerView(one))) }],
  'symphony-split': [{ label: '', make: (s) => new SplitPeer(s, (one) => new Symphony(new PeerView(one))) }],
  'bento-split': [{ label: '', make: (s) => new SplitPeer(s, (one) => new Bento(new PeerView(one))) }],
  'lru-fifo': [{ label: '', make: (s) => new LruResidency(new PeerView(s), 'fifo') }],
  'lru-edf': [{ label: '', make: (s) => new LruResidency(new PeerView(s), 'edf') }],
  'lru-slack': [{ label: '', make: (s) => new LeastSlack(new PeerView(s)) }],
};

function levels(scenario: Scenario, isFirstLast: boolean): number[] {
  const count = scenario.tenants.length;
  return scenario.tenants.map((_, t) => (isFirstLast ? (t + count - 1) % count : t));
}
