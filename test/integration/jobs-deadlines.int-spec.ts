import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../../src/common/ids.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import { EngineGoneError } from '../../src/inference/inference.errors.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { FakeRuntime, fakeModel } from '../support/fake-runtime.js';
import { query } from '../support/job-fixtures.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { until } from '../support/signals.js';

const UNBILLED = { usage: { units: 0, deviceMs: 0, amount: null, ledgerKey: null }, result: null };

describe('deadlines', { timeout: 60_000 }, () => {
  const probe = new ProbeAnalyzer('probe-net');
  const runtime = new FakeRuntime();
  const holds = new Map<string, PromiseWithResolvers<void>>();
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let client: JobsClient;

  beforeAll(async () => {
    probe.beforePrepare = ({ name }) => holds.get(name)?.promise;
    api = await probeApi([probe]);
    client = new JobsClient(await api.getUrl(), await storedTenant('probe'));
  });
  afterAll(async () => {
    for (const { resolve } of holds.values()) resolve();
    await Promise.all([worker.close(), api.close()]);
  });

  const hold = (name: string): PromiseWithResolvers<void> => {
    holds.set(name, Promise.withResolvers<void>());
    return holds.get(name)!;
  };
  const ledger = async (job: JobDto): Promise<number> => {
    const rows = await query('select from maru.usage_ledger where job_id = $1', [uuidOf('job', job.id)]);
    return rows.length;
  };
  const reserved = (): number => worker.get(TensorArena, { strict: false }).reservedBytes;

  it('expires what nobody started in time', async () => {
    const job = await client.create('late', {}, { 'cancel-after': '50ms' });
    await until(() => Date.now() > Date.parse(job.deadline!));
    worker = await probeWorker([probe], [fakeModel('probe-net')], () => runtime);
    expect(await client.ended(job.id)).toMatchObject({
      status: 'expired',
      attempt: 0,
      cancelReason: null,
      ...UNBILLED,
    });
    expect(await client.story(job.id)).toEqual(['job.queued', 'job.expired']);
    expect([probe.begun, await ledger(job)]).toEqual([[], 0]);
  });

  it('ends a prepare that hangs', async () => {
    const held = hold('hanging');
    const job = await client.create('hanging', {}, { 'cancel-after': '3s' });
    const ended = await client.ended(job.id);
    expect(ended).toMatchObject({ status: 'canceled', cancelReason: 'deadline', attempt: 1, ...UNBILLED });
    expect(Date.parse(ended.finishedAt!)).toBeGreaterThanOrEqual(Date.parse(job.deadline!));
    expect(await client.story(job.id)).toEqual(['job.queued', 'job.started', 'job.canceling', 'job.canceled']);
    held.resolve();
    await until(() => reserved() === 0);
    expect(await client.job(job.id)).toEqual(ended);
  });

  it('ends a long inference, whose late result changes nothing', async () => {
    const job = await client.create('long', {}, { 'cancel-after': '3s' });
    await until(() => runtime.held.length === 1);
    const ended = await client.ended(job.id);
    expect(ended).toMatchObject({ status: 'canceled', cancelReason: 'deadline', ...UNBILLED });
    expect(await client.story(job.id)).toEqual([
      ...['job.queued', 'job.started', 'prepare', 'batch', 'job.canceling', 'job.canceled'],
    ]);
    expect(reserved(), 'the batch still reads its row').toBeGreaterThan(0);
    runtime.held[0]!.answer();
    await until(() => reserved() === 0);
    const next = await client.create('next');
    await until(() => runtime.held.length === 1);
    runtime.held[0]!.answer();
    expect((await client.ended(next.id)).status).toBe('succeeded');
    expect(await client.job(job.id)).toEqual(ended);
    expect([await ledger(job), await ledger(next)]).toEqual([0, 1]);
  });

  it('ends what waits for a batch', async () => {
    const first = await client.create('first');
    await until(() => runtime.held.length === 1);
    const job = await client.create('waiting', {}, { 'cancel-after': '3s' });
    expect(await client.ended(job.id)).toMatchObject({ status: 'canceled', cancelReason: 'deadline', ...UNBILLED });
    runtime.held[0]!.answer();
    expect((await client.ended(first.id)).status).toBe('succeeded');
    expect(runtime.held).toEqual([]);
  });

  it('expires a job that failed once and waits for its next attempt', async () => {
    const job = await client.create('twice');
    await until(() => runtime.held.length === 1);
    runtime.held[0]!.fail(new EngineGoneError('exit 139', true));
    await until(async () => (await client.job(job.id)).status === 'queued' || runtime.held.length > 0);
    await query(`update maru.job_queue set run_at = now() + interval '1 hour', deadline = now() where id = $1`, [
      uuidOf('job', job.id),
    ]);
    expect(await client.ended(job.id)).toMatchObject({ status: 'expired', attempt: 1, ...UNBILLED });
    const story = await client.story(job.id);
    expect(story.slice(-3)).toEqual(['stage.failed', 'job.requeued', 'job.expired']);
    expect(await ledger(job)).toBe(0);
  });

  it('names the one who was first when a cancel and the deadline meet', async () => {
    const names = Array.from({ length: 24 }, (_, i) => `both-${i}`);
    names.forEach(hold);
    const deadline = new Date(Date.now() + 5_000).toISOString();
    const jobs = await Promise.all(names.map((name) => client.create(name, { deadline })));
    await until(() => names.every((name) => probe.begun.includes(name)));
    const cancel = async ({ id }: JobDto, i: number): Promise<[number, JobDto]> => {
      await until(() => Date.now() >= Date.parse(deadline) - 600 + 30 * i, { intervalMs: 5 });
      const answer = await client.call('POST', `/v1/jobs/${id}/cancel`);
      return [answer.status, answer.body];
    };
    const answers = await Promise.all(jobs.map(cancel));
    const reasons = new Set<string>();
    for (const [i, [status, answer]] of answers.entries()) {
      const ended = await client.ended(jobs[i]!.id);
      expect(ended).toMatchObject({ status: 'canceled', ...UNBILLED });
      expect(await client.story(ended.id)).toEqual(['job.queued', 'job.started', 'job.canceling', 'job.canceled']);
      if (status === 202) expect([answer.status, ended.cancelReason]).toEqual(['canceling', 'client']);
      else expect([status, answer]).toEqual([200, ended]);
      reasons.add(ended.cancelReason!);
    }
    console.log(`cancels of ${jobs.length} jobs at their deadline; reasons:`, [...reasons].join(', '));
  });
});
