import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNEL } from '../../src/jobs/job-channels.js';
import { NotificationListener } from '../../src/database/notification-listener.js';
import { newUuid } from '../../src/common/ids.js';
import { OutboxNews } from '../../src/side-work/outbox-news.js';
import { OutboxRepository } from '../../src/side-work/outbox.repository.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { subscribedTenant } from '../support/side-work-room.js';
import { until } from '../support/signals.js';
import { WorkerPool } from '../../src/database/role-pool.js';

/** Counts how often it is asked who subscribed. */
class CountingOutbox extends OutboxRepository {
  lookUps = 0;
  override subscribers(): Promise<ReadonlySet<string>> {
    this.lookUps++;
    return super.subscribers();
  }
}

describe('news of the outbox', () => {
  let module: TestingModule;
  let outbox: CountingOutbox;
  let news: OutboxNews;
  let rings = 0;

  beforeAll(async () => {
    module = await databaseModule();
    outbox = new CountingOutbox(module.get(WorkerPool));
    news = new OutboxNews(outbox, module.get(NotificationListener), CHANNEL.fed);
    await news.listen(() => rings++);
    await news.listen(() => rings++);
  });
  afterAll(async () => {
    news.onModuleDestroy();
    await module.close();
  });

  const tell = (payload: string) => query('select pg_notify($1, $2)', [CHANNEL.fed, payload]);
  const rung = async (payload: string, times: number): Promise<void> => {
    const before = rings;
    await tell(payload);
    await until(() => rings >= before + times, { what: `the ring for ${payload}` });
  };

  it('rings for a tenant that has just subscribed, and from then on without a look at the table', async () => {
    const tenantId = await subscribedTenant();
    await rung(tenantId, 1);
    const lookUps = outbox.lookUps;
    await rung(`${newUuid()},${tenantId}`, 1);
    expect(outbox.lookUps).toBe(lookUps);
  });

  it('rings when nobody knows whose news it is', () => rung('', 1));

  it('does not ring for tenants that nobody subscribed to, and gathers its looks at who they are', async () => {
    const [ringsBefore, lookUpsBefore] = [rings, outbox.lookUps];
    for (let i = 0; i < 50; i++) await tell(newUuid());
    const subscriber = await subscribedTenant();
    await rung(subscriber, 1);
    expect(rings - ringsBefore).toBe(1);
    expect(outbox.lookUps - lookUpsBefore).toBeLessThan(25);
  });

  it('leaves it to the relay to report that the database is away', async () => {
    const away = new CountingOutbox({ query: () => Promise.reject(new Error('away')) } as unknown as WorkerPool);
    const other = new OutboxNews(away, module.get(NotificationListener), CHANNEL.fed);
    let alarms = 0;
    await other.listen(() => alarms++);
    await tell(newUuid());
    await until(() => alarms === 1, { what: 'the ring of who cannot look' });
    other.onModuleDestroy();
  });
});
