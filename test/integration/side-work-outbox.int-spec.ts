import { getQueueToken } from '@nestjs/bullmq';
import type { TestingModule } from '@nestjs/testing';
import type { Queue } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventIdOf } from '../../src/common/event-id.js';
import { newUuid, publicId } from '../../src/common/ids.js';
import { OUTBOX } from '../../src/side-work/outbox.processor.js';
import { OutboxRepository } from '../../src/side-work/outbox.repository.js';
import { query } from '../support/job-fixtures.js';
import {
  endJobs,
  outboxOf,
  RecordingEffect,
  sideWorkRoom,
  subscribedTenant,
  tenMinutesLater,
} from '../support/side-work-room.js';
import { until } from '../support/signals.js';

describe('the relay of the outbox, on PostgreSQL', () => {
  let rooms: TestingModule[];
  let effects: RecordingEffect[];
  let tenantId: string;

  beforeAll(async () => {
    rooms = [await sideWorkRoom(), await sideWorkRoom()];
    effects = rooms.map((room) => room.get(RecordingEffect, { strict: false }));
  });
  afterAll(() => Promise.all(rooms.map((room) => room.close())));
  beforeEach(async () => {
    tenantId = await subscribedTenant();
    for (const effect of effects) effect.hindrance = () => Promise.resolve();
  });

  const calls = () => effects.flatMap((effect) => effect.of(tenantId));
  const done = () =>
    until(async () => (await outboxOf(tenantId)) === 0, { what: 'an empty outbox', timeoutMs: 25_000 });
  const queue = () => rooms[0]!.get<Queue>(getQueueToken(OUTBOX), { strict: false });
  const hinder = (by: RecordingEffect['hindrance']) => effects.forEach((effect) => (effect.hindrance = by));

  it('tells a consumer once of each end of a job, under the id that streams show', async () => {
    const ids = await endJobs(rooms[0]!, tenantId, 3);
    await until(() => calls().length > 0, { what: 'the first event' });
    await done();
    const expected = ids.map((jobId) => ({
      id: eventIdOf(publicId('job', jobId), 3),
      kind: 'job.succeeded',
      jobId,
      seq: 3,
    }));
    const seen = calls().map(({ id, kind, jobId, seq }) => ({ id, kind, jobId, seq }));
    expect(seen.sort((a, b) => (a.jobId < b.jobId ? -1 : 1))).toEqual(
      expected.sort((a, b) => (a.jobId < b.jobId ? -1 : 1)),
    );
  });

  it('writes nothing for a tenant that nobody subscribed to', async () => {
    await query('update maru.tenants set outbox = false where id = $1', [tenantId]);
    await endJobs(rooms[0]!, tenantId, 1);
    expect(await outboxOf(tenantId)).toBe(0);
  });

  it('is shared by the workers: a backlog of several rounds arrives once each', async () => {
    await query(
      `insert into maru.outbox (tenant_id, kind, body)
       select $1, 'job.failed', json_build_object('jobId', gen_random_uuid(), 'seq', 3, 'status', 'failed') from generate_series(1, 520)`,
      [tenantId],
    );
    await done();
    expect(calls()).toHaveLength(520);
    expect(new Set(calls().map((event) => event.id)).size).toBe(520);
  });

  it('hands over again what its taker did not', async () => {
    const outbox = rooms[0]!.get(OutboxRepository, { strict: false });
    await query(
      `insert into maru.outbox (tenant_id, kind, body, relay_at) values ($1, 'job.failed', $2, now() + interval '1 min')`,
      [tenantId, { jobId: newUuid(), seq: 3, status: 'failed' }],
    );
    expect((await outbox.take(500)).filter((row) => row.tenantId === tenantId)).toEqual([]);
    await tenMinutesLater(tenantId);
    await done();
    expect(calls()).toHaveLength(1);
  });

  it('does not repeat an event that is being handled', async () => {
    const release = Promise.withResolvers<void>();
    hinder(() => release.promise);
    await endJobs(rooms[0]!, tenantId, 1);
    await until(() => calls().length === 1, { what: 'the event in hand' });
    await tenMinutesLater(tenantId);
    const taken = `select 1 from maru.outbox where tenant_id = $1 and relay_at > now()`;
    await until(async () => (await query(taken, [tenantId])).length === 1, { what: 'the second relay' });
    release.resolve();
    await done();
    expect(calls()).toHaveLength(1);
  });

  it('keeps the row of a failed effect and tries it again under the same id', async () => {
    hinder(() => (calls().length === 1 ? Promise.reject(new Error('the endpoint refused')) : Promise.resolve()));
    await endJobs(rooms[0]!, tenantId, 1);
    await until(async () => (await queue().getJobCounts('delayed')).delayed === 1, { what: 'the retry' });
    expect(await outboxOf(tenantId)).toBe(1);
    await done();
    expect(new Set(calls().map((event) => event.id)).size).toBe(1);
    expect(calls()).toHaveLength(2);
  });
});
