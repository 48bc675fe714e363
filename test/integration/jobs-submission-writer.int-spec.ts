import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { NotificationListener } from '../../src/database/notification-listener.js';
import { IngestPool } from '../../src/database/role-pool.js';
import { CHANNEL } from '../../src/jobs/job-channels.js';
import { QueuedNotifier } from '../../src/jobs/submission/queued-notifier.js';
import { SubmissionRepository } from '../../src/jobs/submission/submission.repository.js';
import { SUBMIT, SUBMIT_CONTESTED } from '../../src/jobs/submission/submission.sql.js';
import { SubmissionWriter } from '../../src/jobs/submission/submission-writer.js';
import { databaseModule } from '../support/database-module.js';
import { jobTenant, newJob, query } from '../support/job-fixtures.js';
import { until } from '../support/signals.js';

const PROVIDERS = [SubmissionWriter, SubmissionRepository, QueuedNotifier];
const counts = async (tenantId: string) => {
  const tables = ['jobs', 'job_queue', 'idempotency_keys'];
  const sql = tables.map((t) => `(select count(*)::int from maru.${t} where tenant_id = $1) as ${t}`).join(', ');
  return (await query<Record<string, number>>(`select ${sql}`, [tenantId]))[0];
};

describe('submission writer', () => {
  let module: TestingModule;
  let writer: SubmissionWriter;

  beforeAll(async () => {
    class Room {}
    module = await databaseModule({ module: Room, providers: PROVIDERS, exports: PROVIDERS });
    writer = module.get(SubmissionWriter);
  });
  afterAll(() => module.close());

  it('writes 500 concurrent submits of three tenants, one of them poisoned, and loses no other', async () => {
    const tenants = await Promise.all([jobTenant(), jobTenant(), jobTenant()]);
    const jobs = Array.from({ length: 500 }, (_, i) => {
      const idempotency = i % 2 === 0 ? { key: `key-${i}`, fingerprint: `print-${i}` } : null;
      return newJob(tenants[i % 3]!, { idempotency, ...(i === 250 ? { metadata: { bad: 'NUL \0' } } : {}) });
    });
    const settled = await Promise.allSettled(jobs.map((job) => writer.write(job)));

    const failed = settled.flatMap((s, i) => (s.status === 'rejected' ? [i] : []));
    expect(failed).toEqual([250]);
    expect(settled.filter((s) => s.status === 'fulfilled' && s.value.kind === 'created')).toHaveLength(499);
    const stored = await Promise.all(tenants.map((t) => counts(t.tenantId)));
    expect(stored.map((s) => s!['jobs'])).toEqual([167, 166, 166]); // 250 = 3 x 83 + 1: the second tenant's
    expect(stored.map((s) => s!['job_queue'])).toEqual([167, 166, 166]);
    expect(stored.reduce((sum, s) => sum + s!['idempotency_keys']!, 0)).toBe(249);
  });

  it('stores every column as it was given', async () => {
    const tenant = await jobTenant();
    const deadline = new Date('2036-01-02T03:04:05.678Z');
    const job = newJob(tenant, { priority: 0, maxAttempts: 7, test: true, deadline, traceId: 'a'.repeat(32) });
    const outcome = await writer.write(job);
    const [row] = await query<Record<string, unknown>>(
      `select j.*, q.band, q.deadline as queue_deadline, q.max_attempts as queue_attempts, q.state, q.seq
         from maru.jobs j join maru.job_queue q on q.id = j.id where j.id = $1`,
      [job.id],
    );
    expect(row).toMatchObject({
      tenant_id: job.tenantId,
      analyzer_id: job.analyzerId,
      analyzer_slug: 'digit-reader',
      analyzer_version: '1',
      priority: 0,
      band: 0,
      max_attempts: 7,
      queue_attempts: 7,
      test: true,
      deadline,
      queue_deadline: deadline,
      created_by: job.createdBy,
      trace_id: job.traceId,
      metadata: job.metadata,
      input: job.input,
      state: 0,
      seq: 1,
    });
    expect(outcome).toEqual({ kind: 'created', createdAt: row!['created_at'], xid: expect.stringMatching(/^\d+$/) });
  });

  it('makes one job for one key, in one flush and later, and names it with its fingerprint', async () => {
    const tenant = await jobTenant();
    const idempotency = { key: 'the "same", key', fingerprint: 'first' };
    const jobs = Array.from({ length: 20 }, () => newJob(tenant, { idempotency }));
    const outcomes = await Promise.all(jobs.map((job) => writer.write(job)));
    const winner = jobs[outcomes.findIndex((o) => o.kind === 'created')]!;
    const duplicate = { kind: 'duplicate', jobId: winner.id, fingerprint: 'first' };
    expect(outcomes.filter((o) => o.kind === 'created')).toHaveLength(1);
    expect(outcomes.filter((o) => o.kind === 'duplicate')).toEqual(Array(19).fill(duplicate));

    const other = newJob(tenant, { idempotency: { ...idempotency, fingerprint: 'second' } });
    expect(await writer.write(other)).toEqual(duplicate);
    expect(await writer.findByKey(tenant.tenantId, idempotency.key)).toEqual(duplicate);
    expect(await writer.findByKey(tenant.tenantId, 'never used')).toBeNull();
    expect(await counts(tenant.tenantId)).toEqual({ jobs: 1, job_queue: 1, idempotency_keys: 1 });
  });

  it('gives the same key of two tenants two jobs', async () => {
    const idempotency = { key: 'shared', fingerprint: 'same' };
    const [a, b] = await Promise.all([jobTenant(), jobTenant()]);
    const outcomes = await Promise.all([a, b].map((t) => writer.write(newJob(t, { idempotency }))));
    expect(outcomes.map((o) => o.kind)).toEqual(['created', 'created']);
  });

  it('refuses a foreign, an unknown and a disabled analyzer, and takes no key for them', async () => {
    const [own, foreign, disabled] = await Promise.all([jobTenant(), jobTenant(), jobTenant('digit-reader', false)]);
    const idempotency = { key: 'unused', fingerprint: 'x' };
    const outcomes = await Promise.all([
      writer.write(newJob(own, { analyzerId: foreign.analyzerId, idempotency })),
      writer.write(newJob(own, { analyzerId: newUuid(), idempotency })),
      writer.write(newJob(disabled, { idempotency })),
      writer.write(newJob(own)),
    ]);
    expect(outcomes.map((o) => o.kind)).toEqual([
      'analyzer_unavailable',
      'analyzer_unavailable',
      'analyzer_unavailable',
      'created',
    ]);
    expect(await counts(own.tenantId)).toEqual({ jobs: 1, job_queue: 1, idempotency_keys: 0 });
    expect(await counts(disabled.tenantId)).toEqual({ jobs: 0, job_queue: 0, idempotency_keys: 0 });
  });

  it('wakes the workers after the commit', async () => {
    const tenant = await jobTenant();
    let woken = 0;
    const stop = await module.get(NotificationListener, { strict: false }).listen(CHANNEL.queued, () => woken++);
    await writer.write(newJob(tenant));
    await until(() => woken > 0);
    stop();
  });

  it('lets one of two processes that race for a key have it', async () => {
    const tenant = await jobTenant();
    const repository = module.get(SubmissionRepository);
    const flush = (race: number) => {
      const raced = newJob(tenant, { idempotency: { key: `race-${race}`, fingerprint: 'same' } });
      return [newJob(tenant), raced, newJob(tenant)];
    };
    for (let race = 0; race < 20; race++) {
      const both = await Promise.all([repository.insert(flush(race)), repository.insert(flush(race))]);
      expect(both.flat().filter((row) => row.created)).toHaveLength(5);
    }
    expect(await counts(tenant.tenantId)).toEqual({ jobs: 100, job_queue: 100, idempotency_keys: 20 });
  });

  it.each([
    ['usual', SUBMIT],
    ['contested', SUBMIT_CONTESTED],
  ])('plans the %s statement without a quadratic join', async (_, statement) => {
    const client = await module.get(IngestPool, { strict: false }).connect();
    try {
      const nulls = Array(21).fill('null').join(', ');
      await client.query(`prepare submit_plan as ${statement}`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (verbose) execute submit_plan(${nulls})`);
      const plan = rows.map((r) => r['QUERY PLAN']).join('\n');
      expect(plan).toContain('analyzers_pkey');
      if (statement === SUBMIT_CONTESTED) expect(plan).toMatch(/hashed SubPlan/);
      expect(plan.match(/Nested Loop/g)).toHaveLength(1); // the unnest with the analyzers, by their key
    } finally {
      client.release(true); // the next test prepares under the same name
    }
  });
});
