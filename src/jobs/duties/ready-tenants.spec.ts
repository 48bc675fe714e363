import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/scheduler-bench.js';
import type { QueueRepository } from './queue.repository.js';
import { ReadyTenants } from './ready-tenants.js';

describe('ReadyTenants', () => {
  let inQueue: string[];
  let scans: number;
  let clock: ManualClock;
  let tenants: ReadyTenants;
  const names = async () => [...(await tenants.current()).keys()];

  beforeEach(() => {
    inQueue = [];
    scans = 0;
    clock = new ManualClock();
    const queue = { activeTenants: () => (scans++, Promise.resolve(inQueue)) };
    tenants = new ReadyTenants(queue as unknown as QueueRepository, clock);
  });

  it('asks the queue at first, then only every half second', async () => {
    inQueue = ['a'];
    expect(await names()).toEqual(['a']);
    inQueue = ['a', 'b'];
    clock.elapsedMs += 499;
    expect(await names()).toEqual(['a']);
    clock.elapsedMs += 1;
    expect(await names()).toEqual(['a', 'b']);
    expect(scans).toBe(2);
  });

  it('takes announced tenants without asking', async () => {
    await names();
    tenants.announce('b,c');
    expect(await names()).toEqual(['b', 'c']);
    expect(scans).toBe(1);
  });

  it('asks again when told that announcements were lost or too many', async () => {
    await names();
    inQueue = ['z'];
    tenants.announce('');
    expect(await names()).toEqual(['z']);
  });

  it('forgets a tenant that had nothing left, but not one that was announced during the claim', async () => {
    tenants.announce('a,b');
    const known = await tenants.current();
    tenants.announce('b');
    tenants.exhausted('a', known);
    tenants.exhausted('b', known);
    expect(await names()).toEqual(['b']);
  });
});
