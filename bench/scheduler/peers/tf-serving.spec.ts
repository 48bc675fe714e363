import { describe, expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { TfServing } from './tf-serving.js';
import { TfTenantQueues } from './tf-tenant-queues.js';
import { runsOf, several, tiny } from './tiny-runs.js';

describe('TF Serving', () => {
  it('goes round the models whatever is older', () => {
    const items = [{ at: 0 }, { at: 1 }, { at: 2 }, { at: 3, lane: 1 }];
    expect(runsOf(tiny(items), (s) => new TfServing(new PeerView(s), 0))).toEqual([
      '0 m0: 0',
      '10 m1: 3',
      '20 m0: 1 2',
    ]);
  });

  it('refuses what comes when ten full batches are queued, and serves what is late', () => {
    const runs = runsOf(tiny(several(150, { at: 0 })), (s) => new TfServing(new PeerView(s), 0));
    expect(runs).toHaveLength(10);
    expect(runs.at(-1)).toMatch(/^180 m0: 99 /);
  });

  it('waits for its timeout', () => {
    expect(runsOf(tiny([{ at: 0 }, { at: 4 }]), (s) => new TfServing(new PeerView(s), 5))).toEqual(['5 m0: 0 1']);
  });
});

describe('TF Serving with a queue per tenant and model', () => {
  it('never mixes tenants in a batch and refuses past the bound', () => {
    const knobs = { cap: 2, timeoutMs: 0, enqueuedBatches: 1 };
    const items = [{ at: 0 }, ...several(3, { at: 1 }), { at: 2, tenant: 1 }];
    const runs = runsOf(tiny(items), (s) => new TfTenantQueues(new PeerView(s), knobs));
    expect(runs).toEqual(['0 m0: 0', '10 m0: 4', '20 m0: 1 2']);
  });
});
