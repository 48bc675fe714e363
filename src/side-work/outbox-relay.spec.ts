import type { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock } from '../common/clock.js';
import type { OutboxNews } from './outbox-news.js';
import { OutboxRelay } from './outbox-relay.js';
import type { OutboxKey, OutboxRepository } from './outbox.repository.js';
import type { SideEvent } from './side-effect.js';
import type { StoreOutage } from './store-outage.js';

const row = (id: number): OutboxKey & { event: SideEvent } => ({
  tenantId: 'a',
  id: String(id),
  event: { id: `evt_${id}`, tenantId: 'a', kind: 'job.failed', jobId: 'j', seq: 3, at: new Date(0) },
});

describe('the relay', () => {
  /** What each look at the table finds; then nothing. */
  let due: (readonly ReturnType<typeof row>[])[];
  let looks = 0;
  let ring: () => void;
  let added: string[];
  let givenBack: string[];
  let complaints: string[];
  let addBulk: () => Promise<void>;
  let relay: OutboxRelay;

  beforeEach(() => {
    vi.useFakeTimers();
    [due, looks, added, givenBack, complaints] = [[], 0, [], [], []];
    addBulk = () => Promise.resolve();
    const queue = {
      on: () => undefined,
      addBulk: async (jobs: { opts: { jobId: string } }[]) => {
        await addBulk();
        added.push(...jobs.map((job) => job.opts.jobId));
      },
    } as unknown as Queue<OutboxKey>;
    const outbox = {
      take: () => (looks++, Promise.resolve(due.shift() ?? [])),
      giveBack: (keys: readonly OutboxKey[]) => (givenBack.push(...keys.map((k) => k.id)), Promise.resolve()),
    } as unknown as OutboxRepository;
    const news = { listen: (by: () => void) => ((ring = by), Promise.resolve()) } as unknown as OutboxNews;
    const outage = { noticed: (error: Error) => complaints.push(error.message) } as unknown as StoreOutage;
    relay = new OutboxRelay(queue, outbox, news, outage, new SystemClock());
  });
  afterEach(async () => {
    await relay.onModuleDestroy();
    vi.useRealTimers();
  });

  /** Lets everything happen that is due within this time. */
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('looks at once when there is news, and a while after a look in vain', async () => {
    relay.onApplicationBootstrap();
    await pass(20);
    expect(looks).toBe(1);
    due.push([row(1)]);
    ring();
    await pass(0);
    expect([looks, added]).toEqual([2, ['evt_1']]);
  });

  it('misses no news that comes while it looks or rests', async () => {
    relay.onApplicationBootstrap();
    await pass(10);
    ring();
    await pass(0);
    expect(looks).toBe(1);
    await pass(10);
    expect(looks).toBe(2);
  });

  it('goes on at once after a full round, and looks without news now and then', async () => {
    due.push(
      Array.from({ length: 500 }, (_, i) => row(i)),
      [row(500)],
    );
    relay.onApplicationBootstrap();
    await pass(0);
    expect([looks, added.length]).toEqual([2, 501]);
    await pass(1_100);
    expect(looks).toBe(3);
  });

  it('does not let news hurry it while its store fails, and gives back what it took', async () => {
    due.push([row(1)]);
    addBulk = () => Promise.reject(new Error('refused'));
    relay.onApplicationBootstrap();
    await pass(0);
    ring();
    await pass(1_999);
    expect([looks, complaints]).toEqual([1, ['refused']]);
    await pass(1);
    expect([looks, givenBack]).toEqual([2, ['1']]);
  });

  it('stops while the store does not answer, and gives back what it took', async () => {
    due.push([row(1)]);
    addBulk = () => new Promise(() => undefined);
    relay.onApplicationBootstrap();
    await pass(0);
    await relay.onModuleDestroy();
    expect(givenBack).toEqual(['1']);
  });
});
