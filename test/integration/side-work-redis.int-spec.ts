import { getQueueToken } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import type { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OUTBOX_CONCURRENCY } from '../../src/side-work/outbox.processor.js';
import { HOUSEKEEPING } from '../../src/side-work/housekeeping.processor.js';
import { query } from '../support/job-fixtures.js';
import { redisMissing, RedisServer } from '../support/redis-server.js';
import {
  endJobs,
  outboxOf,
  RecordingEffect,
  sideWorkRoom,
  subscribedTenant,
  tenMinutesLater,
} from '../support/side-work-room.js';
import { until } from '../support/signals.js';

const missing = redisMissing();
if (missing) console.log(`side work on Redis is not tested here: ${missing}`);

describe.skipIf(missing !== null)('side work on Redis', () => {
  let redis: RedisServer;
  let room: TestingModule;
  let effect: RecordingEffect;
  let warnings: string[];

  beforeAll(async () => {
    redis = await RedisServer.start();
    process.env.REDIS_URL = redis.url;
    warnings = [];
    const note = (message: unknown): void => void warnings.push(String(message));
    for (const level of ['warn', 'error'] as const) vi.spyOn(Logger.prototype, level).mockImplementation(note);
    for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(note);
    room = await sideWorkRoom({ checkMs: 500 });
    effect = room.get(RecordingEffect, { strict: false });
  });
  afterAll(async () => {
    delete process.env.REDIS_URL;
    vi.restoreAllMocks();
    await redis.kill();
  });

  const housekeeping = () => room.get<Queue>(getQueueToken(HOUSEKEEPING), { strict: false });
  const scheduled = () => housekeeping().getJobScheduler(HOUSEKEEPING);
  const done = (tenantId: string) =>
    until(async () => (await outboxOf(tenantId)) === 0, { what: 'an empty outbox', timeoutMs: 25_000 });

  it('keeps its schedule and delivers events there', async () => {
    await until(async () => (await scheduled()) !== undefined, { what: 'the schedule' });
    const tenantId = await subscribedTenant();
    await endJobs(room, tenantId, 2);
    await done(tenantId);
    expect(effect.of(tenantId)).toHaveLength(2);
    const [tables] = await query<{ n: number }>('select count(*)::int as n from bullmq.job');
    expect(tables!.n).toBe(0);
  });

  it('loses nothing when Redis dies with all it held: jobs go on, events come late', async () => {
    const tenantId = await subscribedTenant();
    const held = Promise.withResolvers<void>();
    effect.hindrance = () => held.promise;
    const before = await endJobs(room, tenantId, OUTBOX_CONCURRENCY + 2);
    await until(() => effect.of(tenantId).length === OUTBOX_CONCURRENCY, { what: 'all hands full, two in Redis' });
    await redis.kill();
    warnings.length = 0;
    effect.hindrance = () => Promise.resolve();
    held.reject(new Error('the effect failed'));
    const during = await endJobs(room, tenantId, 700);
    expect(during).toHaveLength(700);
    await tenMinutesLater(tenantId);
    await until(() => warnings.length > 0, { what: 'a line that says so' });
    await redis.start();
    await until(async () => (await outboxOf(tenantId)) <= before.length, {
      what: 'the events that waited',
      timeoutMs: 25_000,
    });
    await tenMinutesLater(tenantId);
    await done(tenantId);
    const told = new Set(effect.of(tenantId).map((event) => event.jobId));
    expect([...told].sort()).toEqual([...before, ...during].sort());
    expect(warnings.length).toBeLessThan(4);
    await until(async () => (await scheduled()) !== undefined, { what: 'the schedule, again', timeoutMs: 25_000 });
  }, 90_000);

  it('stops while Redis is away', async () => {
    const tenantId = await subscribedTenant();
    await redis.kill();
    await endJobs(room, tenantId, 1);
    const taken = 'select 1 from maru.outbox where tenant_id = $1 and relay_at > now()';
    await until(async () => (await query(taken, [tenantId])).length === 1, { what: 'a round that waits for Redis' });
    await room.close();
    expect(await query(taken, [tenantId])).toEqual([]);
  });
});
