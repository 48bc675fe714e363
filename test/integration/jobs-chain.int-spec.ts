import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../../src/common/ids.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { ChainProbe } from '../support/chain-probe.js';
import { query } from '../support/job-fixtures.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { until } from '../support/signals.js';
import { smallModel } from '../support/small-models.js';
import { WatchedOnnx } from '../support/watched-onnx.js';

const CHAIN = ['job.queued', 'job.started', 'prepare', 'batch', 'infer', 'prepare', 'batch', 'infer', 'interpret'];

describe('jobs with two models in a row, on a real engine', { timeout: 90_000 }, () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-chain-'));
  // y = 2x tells how many rows there are, and what they hold; y = ln x works on them.
  const [first, second] = [smallModel('double', directory, 'first'), smallModel('log', directory, 'second')];
  const chain = new ChainProbe('first', 'second');
  const analyzers = [chain, new ProbeAnalyzer('first')];
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let runtime: WatchedOnnx;
  let client: JobsClient;
  let other: JobsClient;

  beforeAll(async () => {
    api = await probeApi(analyzers, [first, second]);
    const at = await api.getUrl();
    client = new JobsClient(at, await storedTenant('probe', 'chain'));
    other = new JobsClient(at, await storedTenant('chain'));
    worker = await probeWorker(analyzers, [first, second], (arena) => (runtime = new WatchedOnnx(arena)));
  });
  afterEach(async () => {
    chain.beforeStep = () => undefined;
    await until(() => worker.get(TensorArena, { strict: false }).reservedBytes === 0, { what: 'all rows given back' });
  });
  afterAll(async () => {
    await worker.close();
    await api.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  /** A job whose second step gets this many rows, the first of which holds `start`. */
  const create = (rows: number, start: number, name = '', from = client): Promise<JobDto> =>
    from.create(name, { analyzer: 'chain', input: { name, values: [rows / 2, start / 2] } });
  const run = async (rows: number, start: number): Promise<JobDto> => client.ended((await create(rows, start)).id);
  const logs = (...values: number[]): number[] => values.flatMap((value) => [Math.fround(Math.log(value)), 0]);
  const inferred = async (id: string, from = client) =>
    (await from.timeline(id)).filter((t) => t.stage === 'infer' && t.type === 'stage.completed');
  const ledgerOf = (id: string) =>
    query<{ device_us: string; units: number }>('select device_us, units from maru.usage_ledger where job_id = $1', [
      uuidOf('job', id),
    ]);

  it('tells each step with its model, bills both once', async () => {
    const job = await run(3, 2);
    expect(job).toMatchObject({ status: 'succeeded', model: { name: 'second', digest: second.digest } });
    expect(job.result!.data).toEqual({
      sent: [2, 3, 4],
      got: logs(2, 3, 4).map((v) => expect.closeTo(v, 5) as number),
    });
    expect(await client.story(job.id)).toEqual([...CHAIN, 'job.succeeded']);
    const rows = await inferred(job.id);
    expect(rows.map(({ step, execution }) => [step, execution!.model.name, execution!.batchSize])).toEqual([
      [{ number: 1, of: 2, items: 1 }, 'first', 1],
      [{ number: 2, of: 2, items: 3 }, 'second', 3],
    ]);
    expect(job.stages.map(({ status }) => status)).toEqual(Array(4).fill('completed'));
    expect(await ledgerOf(job.id)).toMatchObject([{ units: 1 }]);
    expect(job.usage.units).toBe(1);
  });

  it('shares an inference batch among the rows of several jobs and tenants', async () => {
    const hold = Promise.withResolvers<void>();
    chain.beforeStep = () => hold.promise;
    const jobs = [
      { from: client, job: await create(3, 1, 'b') },
      { from: client, job: await create(2, 5, 'c') },
      { from: other, job: await create(3, 2, 'd', other) },
    ];
    await until(() => ['b', 'c', 'd'].every((name) => chain.begun.includes(name)));
    const opened = Promise.withResolvers<void>();
    runtime.gate = opened.promise;
    const ahead = await client.create('ahead');
    await until(() => runtime.waiting === 1);
    hold.resolve();
    for (const { from, job } of jobs)
      await until(async () => (await from.story(job.id)).filter((stage) => stage === 'prepare').length === 2);
    opened.resolve();
    const ends = await Promise.all(jobs.map(({ from, job }) => from.ended(job.id)));
    expect(ends.map(({ status, result }) => [status, result!.data['sent']])).toEqual([
      ['succeeded', [1, 2, 3]],
      ['succeeded', [5, 6]],
      ['succeeded', [2, 3, 4]],
    ]);
    expect(ends[1]!.result!.data['got']).toEqual(logs(5, 6).map((v) => expect.closeTo(v, 5) as number));
    const receipts = await Promise.all(jobs.map(({ from, job }) => inferred(job.id, from)));
    const shared = receipts.map((rows) => rows[1]!.execution!);
    expect(receipts.map((rows) => rows.length)).toEqual([2, 2, 2]);
    expect(new Set(shared.map(({ inferenceBatchId }) => inferenceBatchId)).size).toBe(1);
    expect(shared.map(({ batchSize }) => batchSize)).toEqual([8, 8, 8]);
    expect((await client.ended(ahead.id)).status).toBe('succeeded');
  });

  it('has a result when the first model found nothing', async () => {
    const job = await run(0, 1);
    expect(job).toMatchObject({ status: 'succeeded', model: { name: 'first' }, usage: { units: 1 } });
    expect(job.result!.data).toEqual({ sent: [], got: [] });
    const skipped = (await client.timeline(job.id)).filter((t) => t.type === 'stage.skipped');
    expect(skipped).toMatchObject([{ stage: 'infer', step: { number: 2, of: 2, items: 0 }, execution: null }]);
    expect(job.stages.map(({ status }) => status)).toEqual(Array(4).fill('completed'));
    expect(await ledgerOf(job.id)).toHaveLength(1);
  });

  it('fails when a step gives more rows than it may', async () => {
    const job = await run(7, 1);
    expect(job.error).toMatchObject({ code: 'model_error', retryable: false, stage: 'prepare' });
    expect(job.error!.message).toContain('gave 7 rows; it may give 6');
  });

  it('is canceled between its models, and nothing of it runs on', async () => {
    const hold = Promise.withResolvers<void>();
    chain.beforeStep = () => hold.promise;
    const job = await create(3, 1, 'between');
    await until(() => chain.begun.includes('between'));
    const batches = runtime.started.length;
    await until(async () => (await client.story(job.id)).includes('infer'));
    expect(await client.job(job.id)).toMatchObject({ status: 'running', progress: { stage: 'prepare', percent: 43 } });
    await client.call('POST', `/v1/jobs/${job.id}/cancel`);
    const ended = await client.ended(job.id);
    expect(ended).toMatchObject({ status: 'canceled', cancelReason: 'client', usage: { units: 0, deviceMs: 0 } });
    hold.resolve();
    const next = await run(1, 1);
    expect(next.status).toBe('succeeded');
    expect(
      runtime.started.slice(batches).flatMap(({ items }) => items.map(({ ref }) => ref.split('/')[0])),
    ).not.toContain(uuidOf('job', job.id));
    expect(await client.story(job.id)).toEqual([...CHAIN.slice(0, 5), 'job.canceling', 'job.canceled']);
    expect(await ledgerOf(job.id)).toEqual([]);
  });

  it('falls alone when a row of its second step spoils a batch', async () => {
    const hold = Promise.withResolvers<void>();
    chain.beforeStep = () => hold.promise;
    const [good, bad] = [await create(3, 1, 'good'), await create(2, -2, 'bad')];
    await until(() => ['good', 'bad'].every((name) => chain.begun.includes(name)));
    const opened = Promise.withResolvers<void>();
    runtime.gate = opened.promise;
    const ahead = await client.create('ahead');
    await until(() => runtime.waiting === 1);
    hold.resolve();
    for (const { id } of [good, bad])
      await until(async () => (await client.story(id)).filter((stage) => stage === 'prepare').length === 2);
    opened.resolve();
    expect((await client.ended(ahead.id)).status).toBe('succeeded');
    const [saved, poison] = [await client.ended(good.id), await client.ended(bad.id)];
    expect(saved).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(poison).toMatchObject({ status: 'failed', attempt: 2, error: { code: 'model_error', stage: 'infer' } });
    for (const { execution, attempt } of await inferred(good.id)) {
      if (attempt === 2) expect(execution!.batchSize).toBe(1);
    }
    const failed = (await client.timeline(bad.id)).filter((t) => t.type === 'stage.failed');
    expect(failed.map(({ step }) => step)).toEqual(Array(2).fill({ number: 2, of: 2, items: null }));
  });

  it('is run again with the models that it had, and only with these', async () => {
    const job = await run(3, 2);
    const again = () => client.call('POST', `/v1/jobs/${job.id}/rerun`);
    const rerun = await client.ended((await again()).body.id);
    expect(rerun).toMatchObject({ status: 'succeeded', rerunVerdict: { match: true, differs: [] } });
    expect((await inferred(rerun.id)).map(({ execution }) => execution!.model.digest)).toEqual([
      first.digest,
      second.digest,
    ]);
    await worker.close();
    const successor = smallModel('loop', path.join(directory, 'later'), 'second');
    const serve = (...models: (typeof first)[]) =>
      probeWorker(analyzers, models, (arena) => (runtime = new WatchedOnnx(arena)));
    worker = await serve(first, successor);
    const elsewhere = await client.ended((await again()).body.id);
    expect(elsewhere).toMatchObject({ status: 'failed', error: { code: 'model_unavailable', retryable: true } });
    expect(elsewhere.error!.message).toContain(`second ${second.digest}`);
    await worker.close();
    worker = await serve(first, successor, second);
    const found = await client.ended((await again()).body.id);
    expect(found).toMatchObject({
      status: 'succeeded',
      model: { digest: second.digest },
      rerunVerdict: { match: true },
    });
  });
});
