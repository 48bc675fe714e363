import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidOf } from '../../src/common/ids.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { smallModel } from '../support/small-models.js';
import { until } from '../support/signals.js';
import { WatchedOnnx } from '../support/watched-onnx.js';

/** The model loops as often as the largest value of a batch says: this is for ever. */
const ENDLESS = 1e18;
const NEIGHBORS = 5;

describe('a job that takes its engine down, with real engine processes', { timeout: 90_000 }, () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-poison-'));
  const models = [smallModel('loop', directory), smallModel('log', directory)];
  const probes = [new ProbeAnalyzer('loop'), new ProbeAnalyzer('log', '1.0.0', 'logarithm')];
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let runtime: WatchedOnnx;
  let client: JobsClient;

  beforeAll(async () => {
    api = await probeApi(probes);
    client = new JobsClient(await api.getUrl(), await storedTenant('probe', 'logarithm'));
  });
  beforeEach(async () => {
    worker = await probeWorker(probes, models, (arena) => (runtime = new WatchedOnnx(arena)));
  });
  afterEach(() => worker.close());
  afterAll(async () => {
    await api.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  const create = (analyzer: string, values: readonly number[]): Promise<JobDto> =>
    client.create('', { analyzer, input: { name: '', values }, retry: { maxAttempts: 1 } });

  /** Jobs that may try once, together in one inference batch: it forms while another batch is held back. */
  async function together(analyzer: string, rows: readonly number[][]): Promise<JobDto[]> {
    const opened = Promise.withResolvers<void>();
    runtime.gate = opened.promise;
    const ahead = await create(analyzer, [1, 1]);
    await until(() => runtime.waiting === 1);
    const jobs: JobDto[] = [];
    for (const values of rows) jobs.push(await create(analyzer, values));
    for (const { id } of jobs) await until(async () => (await client.story(id)).includes('prepare'));
    opened.resolve();
    expect((await client.ended(ahead.id)).status).toBe('succeeded');
    return jobs;
  }
  const neighbors = (): number[][] => Array.from({ length: NEIGHBORS }, (_, i) => [i + 1, 1]);
  const ended = (jobs: readonly JobDto[]): Promise<JobDto[]> => Promise.all(jobs.map(({ id }) => client.ended(id)));

  /** Ends the engine once it runs a batch of this many items that holds the job. */
  async function endEngineUnder(job: JobDto, attempt: number, items: number, signal: NodeJS.Signals): Promise<void> {
    const itemId = `${uuidOf('job', job.id)}/${attempt}`;
    const isIts = (refs: readonly string[]) => refs.length === items && refs.includes(itemId);
    const pid = await until(
      () => runtime.running.some((batch) => isIts(batch.items.map((i) => i.ref))) && runtime.enginePids().get('cpu:0'),
      { what: `attempt ${attempt} in an engine` },
    );
    process.kill(pid, signal);
  }

  /** Everybody failed together once, which counted for nobody; then each ran in a batch of its own. */
  async function expectOneByOne(jobs: readonly JobDto[]): Promise<void> {
    for (const { id } of jobs) {
      const timeline = await client.timeline(id);
      const requeued = timeline.filter((t) => t.type === 'job.requeued');
      expect(requeued.map((t) => t.message)).toEqual([expect.stringContaining('does not count')]);
      for (const { execution } of timeline) expect(execution?.batchSize ?? 1).toBe(1);
    }
  }

  it('falls alone when it hangs, and its neighbors, which may try once only, succeed', async () => {
    const jobs = await ended(await together('probe', [...neighbors(), [ENDLESS, 0]]));
    const poison = jobs.pop()!;
    expect(poison).toMatchObject({ status: 'failed', attempt: 2, usage: { units: 0, deviceMs: 0 } });
    expect(poison.error).toMatchObject({ code: 'model_error', stage: 'infer', retryable: false, attempt: 2 });
    expect(poison.error!.message).toMatch(/Two engines ended under this job, .*within \d+ ms/);
    for (const [i, job] of jobs.entries())
      expect(job).toMatchObject({ status: 'succeeded', attempt: 2, result: { data: { row: [i + 1, 1] } } });
    await expectOneByOne([poison, ...jobs]);
  });

  it('falls alone when the engine crashes under it', async () => {
    const jobs = await together('probe', [...neighbors(), [ENDLESS, 0]]);
    const poison = jobs.pop()!;
    await endEngineUnder(poison, 1, NEIGHBORS + 1, 'SIGSEGV');
    await endEngineUnder(poison, 2, 1, 'SIGSEGV');
    const { error } = await client.ended(poison.id);
    expect(error).toMatchObject({ code: 'model_error', retryable: false, attempt: 2 });
    expect(error!.message).toContain('SIGSEGV');
    expect((await ended(jobs)).map((job) => job.status)).toEqual(neighbors().map(() => 'succeeded'));
    await expectOneByOne([poison, ...jobs]);
  });

  it('is not believed guilty when the engine dies under it for the first time, in a batch of its own', async () => {
    const job = await client.create('', { input: { name: '', values: [2e5, 0] }, retry: { maxAttempts: 2 } });
    await endEngineUnder(job, 1, 1, 'SIGSEGV');
    expect(await client.ended(job.id)).toMatchObject({ status: 'succeeded', attempt: 2, maxAttempts: 2 });
  });

  it('is innocent when its engines are killed from outside, as long as it has tries', async () => {
    const input = { name: '', values: [2e5, 0] };
    const lucky = await client.create('', { input, retry: { maxAttempts: 3 } });
    for (const attempt of [1, 2]) await endEngineUnder(lucky, attempt, 1, 'SIGKILL');
    expect(await client.ended(lucky.id)).toMatchObject({ status: 'succeeded', attempt: 3, maxAttempts: 3 });
    const unlucky = await client.create('', { input, retry: { maxAttempts: 2 } });
    for (const attempt of [1, 2]) await endEngineUnder(unlucky, attempt, 1, 'SIGKILL');
    const { status, error } = await client.ended(unlucky.id);
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'runtime_disconnected', retryable: true, attempt: 2 });
    expect(error!.message).toContain('SIGKILL');
  });

  it('fails alone when its numbers spoil the outputs of the batch', async () => {
    const jobs = await ended(await together('logarithm', [...neighbors(), [-1, 1]]));
    const poison = jobs.pop()!;
    expect(poison.error).toMatchObject({ code: 'model_error', retryable: false, attempt: 2 });
    expect(poison.error!.message).toContain('not a finite number');
    expect(jobs.map((job) => job.status)).toEqual(neighbors().map(() => 'succeeded'));
    await expectOneByOne([poison, ...jobs]);
  });
});
