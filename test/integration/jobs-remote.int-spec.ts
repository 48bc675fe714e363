import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRemoteRuntimes } from '../../src/config/remote-runtimes.js';
import { DevicePool } from '../../src/gpu-scheduler/device-pool.js';
import { JoinedModels } from '../../src/inference/models/joined-models.js';
import { RemoteRuntime } from '../../src/inference/runtimes/remote/remote-runtime.js';
import { RemoteServer } from '../../src/inference/runtimes/remote/remote-server.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ModelServer } from '../support/model-server.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { FixedModels } from '../support/scheduler-bench.js';
import { until } from '../support/signals.js';
import { smallModel } from '../support/small-models.js';

describe('jobs on an inference server', { timeout: 90_000 }, () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-remote-'));
  const probes = [new ProbeAnalyzer('double')];
  let server: ModelServer;
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let client: JobsClient;

  beforeAll(async () => {
    server = await ModelServer.start([smallModel('double', directory)]);
    server.fault = 'down';
    const text = [{ name: 'far', baseUrl: server.url, dialect: 'oip', models: [{ name: 'double', maxBatchSize: 8 }] }];
    const servers = readRemoteRuntimes(JSON.stringify(text)).map((config) => new RemoteServer(config, 20));
    const models = new JoinedModels(new FixedModels([]), servers);
    api = await probeApi(probes);
    worker = await probeWorker(probes, models, (arena) => new RemoteRuntime(arena, servers));
    client = new JobsClient(await api.getUrl(), await storedTenant('probe'));
  });
  afterAll(async () => {
    await worker.close();
    await api.close();
    await server.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  const create = (value: number) =>
    client.create('', { analyzer: 'probe', input: { name: '', values: [value, 1] }, retry: { maxAttempts: 3 } });
  const states = () => worker.get(DevicePool).devices().map(({ id, models }) => [id, models[0]?.state]); // prettier-ignore
  async function expectDoubled(id: string, value: number): Promise<void> {
    const job = await client.ended(id);
    expect(job).toMatchObject({ status: 'succeeded', result: { data: { row: [2 * value, 2] } } });
  }

  it('serves once the server is there, though the worker started before it', async () => {
    expect(states()).toEqual([]);
    server.fault = 'none';
    await until(() => states()[0]?.[1] === 'resident', { what: 'the model is resident' });
    expect(states()).toEqual([['remote:far', 'resident']]);
    const { id } = await create(21);
    await expectDoubled(id, 21);
    const infer = (await client.timeline(id)).find(
      ({ stage, type }) => stage === 'infer' && type === 'stage.completed',
    );
    expect(infer?.execution).toMatchObject({ device: 'remote:far', runtime: 'remote', model: { version: '3' } });
  });

  it('loses no job while the server is away, and counts no try for it', async () => {
    server.fault = 'down';
    const jobs: { value: number; id: string }[] = [];
    for (let value = 1; value <= 6; value++) jobs.push({ value, id: (await create(value)).id });
    await until(async () => (await client.story(jobs[0]?.id ?? '')).includes('job.requeued'), {
      what: 'a job met the server that was away',
    });
    server.fault = 'none';
    for (const { id, value } of jobs) await expectDoubled(id, value);
    const timelines = await Promise.all(jobs.map(({ id }) => client.timeline(id)));
    const requeued = timelines.flat().filter(({ type }) => type === 'job.requeued');
    expect(requeued.length).toBeGreaterThan(0);
    for (const { message } of requeued) expect(message).toContain('does not count');
  });

  it('fails a job that the server refuses for good', async () => {
    server.fault = 'refusal';
    const job = await client.ended((await create(1)).id);
    expect(job).toMatchObject({ status: 'failed', error: { code: 'model_error', retryable: false } });
    server.fault = 'none';
    await expectDoubled((await create(4)).id, 4);
  });
});
