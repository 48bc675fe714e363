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

  /** Kills the engine once it runs a batch of this many items that holds the job. */
  async function killEngineUnder(job: JobDto, attempt: number, items: number): Promise<void> {
    const itemId = `${uuidOf('job', job.id)}/${attempt}`;
    await until(() => runtime.running.some((b) => b.items.length === items && b.items.some((i) => i.ref === itemId)));
    process.kill(runtime.enginePids().get('cpu:0')!, 'SIGKILL');
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
    expect(poison.error!.message).toMatch(/ended its engine twice, the second time alone .*within \d+ ms/);
    for (const [i, job] of jobs.entries())
      expect(job).toMatchObject({ status: 'succeeded', attempt: 2, result: { data: { row: [i + 1, 1] } } });
    await expectOneByOne([poison, ...jobs]);
  });

  it('falls alone when the engine dies under it', async () => {
    const jobs = await together('probe', [...neighbors(), [ENDLESS, 0]]);
    const poison = jobs.pop()!;
    await killEngineUnder(poison, 1, NEIGHBORS + 1);
    await killEngineUnder(poison, 2, 1);
    const { error } = await client.ended(poison.id);
    expect(error).toMatchObject({ code: 'model_error', retryable: false, attempt: 2 });
    expect(error!.message).toContain('SIGKILL');
    expect((await ended(jobs)).map((job) => job.status)).toEqual(neighbors().map(() => 'succeeded'));
    await expectOneByOne([poison, ...jobs]);
  });

  it('is not believed guilty when the engine dies under it for the first time, in a batch of its own', async () => {
    const job = await client.create('', { input: { name: '', values: [5e4, 0] }, retry: { maxAttempts: 2 } });
    await killEngineUnder(job, 1, 1);
    expect(await client.ended(job.id)).toMatchObject({ status: 'succeeded', attempt: 2, maxAttempts: 2 });
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
