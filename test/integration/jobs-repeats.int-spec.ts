import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InputUnreadableError } from '../../src/analyzers/analyzer.js';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import { DigitReaderAnalyzer } from '../../src/analyzers/digit-reader/digit-reader.analyzer.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { FakeRuntime, fakeModel } from '../support/fake-runtime.js';
import { query } from '../support/job-fixtures.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { drawnPng } from '../support/pictures.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { until } from '../support/signals.js';

const MODEL = fakeModel('probe-net');

describe('retry and rerun', { timeout: 60_000 }, () => {
  const probe = new ProbeAnalyzer('probe-net');
  const runtime = new FakeRuntime();
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let baseUrl: string;
  let client: JobsClient;

  beforeAll(async () => {
    runtime.isAutomatic = true;
    const analyzers = [probe, new DigitReaderAnalyzer()];
    api = await probeApi(analyzers);
    baseUrl = await api.getUrl();
    worker = await probeWorker(analyzers, [MODEL, fakeModel('digit-net', 2)], () => runtime);
    client = new JobsClient(baseUrl, await storedTenant('probe', 'digit-reader'));
  });
  afterEach(() => {
    runtime.isAutomatic = true;
    probe.beforePrepare = () => undefined;
  });
  afterAll(() => Promise.all([worker.close(), api.close()]));

  const repeat = (action: 'retry' | 'rerun', id: string, headers: Record<string, string> = {}) =>
    client.call<JobDto & { code: string; currentStatus?: string; allowed?: string[]; detail: string }>(
      'POST',
      `/v1/jobs/${id}/${action}`,
      headers,
    );
  const succeeded = async (name: string, more: object = {}): Promise<JobDto> => {
    return client.ended((await client.create(name, more)).id);
  };
  const failed = async (name: string, more: object = {}, headers = {}): Promise<JobDto> => {
    probe.beforePrepare = () => {
      throw new InputUnreadableError('not today');
    };
    const job = await client.ended((await client.create(name, more, headers)).id);
    probe.beforePrepare = () => undefined;
    expect(job.status).toBe('failed');
    return job;
  };

  /** A job whose worker went away, and whose deadline passed before another took it. */
  const expiredJob = async (): Promise<JobDto> => {
    const hold = Promise.withResolvers<void>();
    probe.beforePrepare = () => hold.promise;
    const job = await client.create('expired');
    await until(() => probe.begun.includes('expired'));
    await query(
      `update maru.job_queue set state = 0, token = null, worker = null, base = 1, seq = 1, deadline = now() where id = $1`,
      [uuidOf('job', job.id)],
    );
    const ended = await client.ended(job.id);
    probe.beforePrepare = () => undefined;
    hold.resolve();
    expect(ended).toMatchObject({ status: 'expired', usage: { units: 0, deviceMs: 0 } });
    return ended;
  };

  it('makes a new job of a failed one, which stays as it is', async () => {
    const more = { priority: 'bulk', metadata: { order: '7' }, retry: { maxAttempts: 2 }, test: true };
    const first = await failed('again', more);
    const answer = await repeat('retry', first.id);
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `/v1/jobs/${answer.body.id}`]);
    const { analyzer, analyzerVersion, input, inputDigest, priority, metadata, maxAttempts, test } = first;
    const same = { analyzer, analyzerVersion, input, inputDigest, priority, metadata, maxAttempts, test };
    expect(answer.body).toMatchObject({ ...same, status: 'queued', seq: 1, retriedFrom: first.id, rerunOf: null });
    expect(await client.ended(answer.body.id)).toMatchObject({ status: 'succeeded', rerunVerdict: null });
    expect(await client.job(first.id)).toEqual(first);
  });

  it('answers with the end when the client prefers to wait for it', async () => {
    const answer = await repeat('retry', (await failed('wait')).id, { prefer: 'wait=20' });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'wait=20']);
    expect(answer.body.status).toBe('succeeded');
  });

  it('retries a canceled and an expired job, and drops a deadline that has passed', async () => {
    const hold = Promise.withResolvers<void>();
    probe.beforePrepare = () => hold.promise;
    const canceled = await client.create('canceled');
    await client.call('POST', `/v1/jobs/${canceled.id}/cancel`);
    expect((await client.ended(canceled.id)).status).toBe('canceled');
    const late = await client.create('late', {}, { 'cancel-after': '3s' });
    expect(await client.ended(late.id)).toMatchObject({ status: 'canceled', cancelReason: 'deadline' });
    hold.resolve();
    probe.beforePrepare = () => undefined;
    const expired = await expiredJob();
    for (const id of [canceled.id, late.id, expired.id]) {
      const answer = await repeat('retry', id);
      expect(answer.body, id).toMatchObject({ retriedFrom: id, deadline: null });
      expect((await client.ended(answer.body.id)).status).toBe('succeeded');
    }
  });

  it('keeps a deadline that lies ahead, unless Cancel-After says otherwise', async () => {
    const deadline = new Date(Date.now() + 3_600_000).toISOString();
    const first = await failed('dated', { deadline });
    expect((await repeat('retry', first.id)).body.deadline).toBe(deadline);
    const own = (await repeat('retry', first.id, { 'cancel-after': '2h' })).body;
    expect(Date.parse(own.deadline!) - Date.parse(own.createdAt)).toBeGreaterThan(7_100_000);
    expect((await repeat('retry', first.id, { 'cancel-after': 'soon' })).status).toBe(400);
  });

  it('refuses a job in another state and says which would do', async () => {
    const done = await succeeded('done');
    const refused = await repeat('retry', done.id);
    expect([refused.status, refused.body.code]).toEqual([409, 'invalid-state-transition']);
    expect(refused.body).toMatchObject({ currentStatus: 'succeeded', allowed: ['failed', 'canceled', 'expired'] });
    const other = await repeat('rerun', (await failed('broken')).id);
    expect([other.status, other.body.currentStatus, other.body.allowed]).toEqual([409, 'failed', ['succeeded']]);

    const hold = Promise.withResolvers<void>();
    probe.beforePrepare = () => hold.promise;
    const running = await client.create('running');
    await until(() => probe.begun.includes('running'));
    for (const action of ['retry', 'rerun'] as const) {
      const answer = await repeat(action, running.id);
      expect([answer.status, answer.body.currentStatus]).toEqual([409, 'running']);
      expect(answer.body.detail).toContain('Wait until it has ended');
    }
    hold.resolve();
  });

  it('knows no foreign and no unknown job, and takes no body', async () => {
    const mine = await failed('mine');
    const stranger = new JobsClient(baseUrl, await storedTenant('probe'));
    for (const action of ['retry', 'rerun']) {
      const foreign = await stranger.call('POST', `/v1/jobs/${mine.id}/${action}`);
      const unknown = await client.call('POST', `/v1/jobs/${publicId('job', newUuid())}/${action}`);
      expect([foreign.status, unknown.status]).toEqual([404, 404]);
    }
    const withBody = await client.call('POST', `/v1/jobs/${mine.id}/retry`, {}, { priority: 'bulk' });
    expect(withBody.status).toBe(422);
    expect((await client.call('POST', `/v1/jobs/${mine.id}/retry`, {}, {})).status).toBe(202);
  });

  it('makes one job of a repeated request, and keeps keys apart by route', async () => {
    const first = await failed('once', {}, { 'idempotency-key': 'k-1' });
    const key = { 'idempotency-key': '"k-1"' };
    const [a, b] = [await repeat('retry', first.id, key), await repeat('retry', first.id, key)];
    expect([a.status, b.status, b.headers.get('idempotency-replayed')]).toEqual([202, 202, 'true']);
    expect(b.body).toEqual(a.body);
    const done = await client.ended(a.body.id);
    const rerun = await repeat('rerun', done.id, key);
    expect([rerun.status, rerun.body.rerunOf]).toEqual([202, done.id]);
    const reused = await repeat('retry', (await failed('other')).id, key);
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);

    const together = await Promise.all(
      Array.from({ length: 5 }, () => repeat('retry', first.id, { 'idempotency-key': 'k-2' })),
    );
    expect(new Set(together.map((t) => t.status)).size).toBeLessThanOrEqual(2);
    expect(together.every((t) => t.status === 202 || t.body.code === 'idempotency-in-progress')).toBe(true);
    const [made] = await query<{ n: number }>(
      'select count(*)::int as n from maru.jobs where tenant_id = $1 and retried_from = $2',
      [client.tenantId, uuidOf('job', first.id)],
    );
    expect(made!.n).toBe(2);
  });

  it('answers 410 when the input or a file of it is gone, and replays a key all the same', async () => {
    const first = await failed('erased');
    const key = { 'idempotency-key': 'k-erased' };
    expect((await repeat('retry', first.id, key)).status).toBe(202);
    await query('update maru.jobs set input = null, erased_at = now() where id = $1', [uuidOf('job', first.id)]);
    const gone = await repeat('retry', first.id);
    expect([gone.status, gone.body.code]).toEqual([410, 'result-expired']);
    expect((await repeat('retry', first.id, key)).headers.get('idempotency-replayed')).toBe('true');

    const dataUri = `data:image/png;base64,${drawnPng(28, 28, (x) => x * 8).toString('base64')}`;
    const body = { analyzer: 'digit-reader', input: { image: { dataUri } }, deadline: null };
    const { body: job } = await client.call('POST', '/v1/jobs', { 'cancel-after': '1ms' }, body);
    const { status } = await client.ended(job.id);
    const action = status === 'succeeded' ? 'rerun' : 'retry';
    const { fileId } = job.input!['image'] as { fileId: string };
    await query(`update maru.files set status = 'expired' where id = $1`, [uuidOf('file', fileId)]);
    const lost = await repeat(action, job.id);
    expect([lost.status, lost.body.code, lost.body.detail]).toEqual([
      410,
      'result-expired',
      expect.stringContaining('"image"'),
    ]);
  });

  it('refuses an analyzer that the tenant may not use any more', async () => {
    const leaver = new JobsClient(baseUrl, await storedTenant('probe'));
    const job = await leaver.ended((await leaver.create('bye')).id);
    await query('update maru.analyzers set enabled = false where tenant_id = $1', [leaver.tenantId]);
    await until(async () => (await leaver.call('POST', `/v1/jobs/${job.id}/rerun`)).status === 422);
  });

  it('reruns with the same model and finds the same result', async () => {
    probe.extra = { padding: 'x'.repeat(70_000) }; // larger than what a job carries inline
    const first = await succeeded('same', { metadata: { k: 'v' } });
    const { body } = await repeat('rerun', first.id);
    expect(body).toMatchObject({ rerunOf: first.id, retriedFrom: null, metadata: { k: 'v' }, deadline: null });
    const second = await client.ended(body.id);
    const result = await client.call<{ digest: string }>('GET', first.links.result);
    const { digest } = result.body;
    expect(second.rerunVerdict).toEqual({ match: true, expectedDigest: digest, actualDigest: digest, differs: [] });
    expect(second).toMatchObject({ model: first.model, usage: { units: 1 } });
    const third = await client.ended((await repeat('rerun', second.id)).body.id);
    expect(third).toMatchObject({ rerunOf: second.id, rerunVerdict: { match: true } });
    probe.extra = {};
  });

  it('says what was different when it was', async () => {
    runtime.isAutomatic = false;
    await client.create('in the way');
    await until(() => runtime.held.length === 1);
    const [left, right] = [await client.create('left'), await client.create('right')];
    await until(async () => (await client.story(right.id)).includes('prepare'));
    runtime.held[0]!.answer();
    await until(() => runtime.held[0]?.batch.items.length === 2);
    runtime.held[0]!.answer(); // the fake's output is the position in the batch
    await Promise.all([client.ended(left.id), client.ended(right.id)]);
    runtime.isAutomatic = true;
    const ids = [left.id, right.id];
    const reruns = await Promise.all(
      ids.map(async (id) => client.ended((await repeat('rerun', id, { prefer: 'wait=5' })).body.id)),
    );
    expect(reruns.map((job) => job.rerunVerdict!.match).sort()).toEqual([false, true]);
    for (const { rerunVerdict } of reruns) expect(rerunVerdict!.differs).toEqual(['batchSize']);
  });
});
