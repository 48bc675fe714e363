import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../../src/common/ids.js';
import { DevicePool } from '../../src/gpu-scheduler/device-pool.js';
import { canaryPart } from '../../src/inference/models/canary-share.js';
import { storedTenant } from '../support/jobs-http.js';
import { modelApi, modelWorker } from '../support/model-apps.js';
import { ModelsClient, scaling, tensorManifest } from '../support/model-uploads.js';

type Json = Record<string, unknown>;

let api: NestFastifyApplication;
let worker: TestingModule;
let baseUrl: string;

const INPUT = { inputs: { x: { shape: [1, 2], data: [1, 10] } } };
const versionOf = (job: Json) => (job['model'] as { version: string }).version;
const resultOf = (job: Json) =>
  (job as { result: { data: { outputs: { y: { data: number[] } } } } }).result.data.outputs.y.data;
const client = async () => new ModelsClient(baseUrl, await storedTenant());

/** Uploads a version that multiplies and waits until it is ready. */
async function version(tenant: ModelsClient, slug: string, factor: number): Promise<string> {
  const { body } = await tenant.upload(tensorManifest(slug), { 'model.onnx': scaling(factor) });
  const model = await tenant.admitted(String(body['id']));
  expect(model['status']).toBe('ready');
  return String(model['id']);
}

/** Runs jobs until one is served by this version. */
async function serves(tenant: ModelsClient, slug: string, wanted: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const job = await tenant.run(slug, INPUT);
    expect(job['status']).toBe('succeeded');
    if (versionOf(job) === wanted) return;
  }
  throw new Error(`${slug} is not served by version ${wanted}`);
}

const residents = () =>
  worker
    .get(DevicePool)
    .devices()
    .flatMap(({ models }) => models)
    .filter(({ state }) => state === 'resident')
    .map(({ modelVersionId }) => modelVersionId);

async function gone(modelId: string): Promise<void> {
  for (let i = 0; i < 200 && residents().includes(modelId); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(residents()).not.toContain(modelId);
}

beforeAll(async () => {
  api = await modelApi();
  baseUrl = await api.getUrl();
  worker = await modelWorker();
});
afterAll(async () => {
  await worker?.close();
  await api?.close();
});

describe('the versions of a model', () => {
  it('are swapped under load without a failed job, and back', async () => {
    const tenant = await client();
    const first = await version(tenant, 'swapped', 2);
    const second = await version(tenant, 'swapped', 3);
    await serves(tenant, 'swapped', '1');

    let isOver = false;
    const jobs: Json[] = [];
    const submitter = async () => {
      while (!isOver) jobs.push(await tenant.run('swapped', INPUT));
    };
    const load = Promise.all(Array.from({ length: 8 }, submitter));
    for (let round = 0; round < 5; round++) {
      const [target, wanted] = round % 2 === 0 ? [second, '2'] : [first, '1'];
      const pointed = await tenant.send('PUT', '/v1/analyzers/swapped/aliases/stable', { modelId: target });
      expect([pointed.status, pointed.body['modelId']]).toEqual([200, target]);
      await serves(tenant, 'swapped', wanted);
    }
    const back = await tenant.send('POST', '/v1/analyzers/swapped/aliases/stable/rollback');
    expect([back.status, back.body['modelId'], back.body['previousModelId']]).toEqual([200, first, second]);
    await serves(tenant, 'swapped', '1');
    isOver = true;
    await load;

    const counted = { jobs: jobs.length, swaps: 6, failed: jobs.filter((job) => job['status'] !== 'succeeded').length };
    process.stdout.write(`swapped under load: ${JSON.stringify(counted)}\n`);
    expect(jobs.length).toBeGreaterThan(50);
    expect(jobs.filter((job) => job['status'] !== 'succeeded')).toEqual([]);
    expect(new Set(jobs.map(versionOf))).toEqual(new Set(['1', '2']));
    expect(jobs.filter((job) => job['attempt'] !== 1)).toEqual([]);
    for (const job of jobs) expect(resultOf(job)).toEqual(versionOf(job) === '1' ? [2, 20] : [3, 30]);
    await gone(uuidOf('model', second) ?? '');
  });

  it('share the jobs by their ids while one is a canary', async () => {
    const tenant = await client();
    await version(tenant, 'shared-out', 2);
    const second = await version(tenant, 'shared-out', 3);
    const canary = await tenant.send('PUT', '/v1/analyzers/shared-out/aliases/canary', {
      modelId: second,
      percent: 40,
    });
    expect([canary.status, canary.body['percent']]).toEqual([200, 40]);
    for (let i = 0; i < 200 && !residents().includes(uuidOf('model', second) ?? ''); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const jobs: Json[] = [];
    for (let round = 0; round < 8; round++) {
      jobs.push(...(await Promise.all(Array.from({ length: 10 }, () => tenant.run('shared-out', INPUT)))));
    }
    for (const job of jobs) {
      const part = canaryPart('shared-out', uuidOf('job', String(job['id'])) ?? '');
      expect([job['status'], versionOf(job)]).toEqual(['succeeded', part < 40 ? '2' : '1']);
    }
    const taken = jobs.filter((job) => versionOf(job) === '2').length;
    expect(taken).toBeGreaterThan(80 * 0.2);
    expect(taken).toBeLessThan(80 * 0.6);
    expect((await tenant.send('GET', '/v1/analyzers/shared-out')).body['models']).toHaveLength(2);
    expect((await tenant.send('DELETE', '/v1/analyzers/shared-out/aliases/canary')).status).toBe(204);
    await gone(uuidOf('model', second) ?? '');
    await serves(tenant, 'shared-out', '1');
  });

  it('rerun a job with the version that it had', async () => {
    const tenant = await client();
    await version(tenant, 'rerun-model', 2);
    await serves(tenant, 'rerun-model', '1');
    const job = await tenant.run('rerun-model', INPUT);
    const second = await version(tenant, 'rerun-model', 3);
    await tenant.send('PUT', '/v1/analyzers/rerun-model/aliases/stable', { modelId: second });
    await serves(tenant, 'rerun-model', '2');
    const rerun = await tenant.send('POST', `/v1/jobs/${String(job['id'])}/rerun`);
    expect(rerun.status).toBe(202);
    let body = rerun.body;
    for (let i = 0; i < 20 && body['finishedAt'] === null; i++) {
      body = (await tenant.send('GET', `/v1/jobs/${String(rerun.body['id'])}?wait=5`)).body;
    }
    expect([body['status'], versionOf(body), body['rerunVerdict']]).toMatchObject(['succeeded', '1', { match: true }]);
  });
});

describe('a pointer', () => {
  it('goes to ready models of its own slug and input alone', async () => {
    const tenant = await client();
    const own = await version(tenant, 'pointed', 2);
    const other = await version(tenant, 'other-slug', 2);
    const foreign = await version(await client(), 'pointed', 2);
    const point = async (modelId: string, alias = 'stable', extra: Json = {}) => {
      const { status, body } = await tenant.send('PUT', `/v1/analyzers/pointed/aliases/${alias}`, {
        modelId,
        ...extra,
      });
      return [status, (body['errors'] as { code: string }[] | undefined)?.[0]?.code ?? body['code']];
    };
    expect(await point(other)).toEqual([422, 'unknown_model']);
    expect(await point(foreign)).toEqual([422, 'unknown_model']);
    expect(await point('file_01m8323f50ecdtnmz19wr9rz7h')).toEqual([422, 'bad_format']);
    expect(await point(own, 'stable', { percent: 50 })).toEqual([422, 'not_allowed']);
    expect(await point(own, 'beta')).toEqual([404, 'not-found']);
    const inputs = [{ tensor: 'x', type: 'float32', shape: ['n', 2], maxRows: 2 }];
    const wider = await tenant.upload(tensorManifest('pointed', { inputs }), { 'model.onnx': scaling(2) });
    await tenant.admitted(String(wider.body['id']));
    expect(await point(String(wider.body['id']))).toEqual([422, 'other_input']);
    expect((await tenant.send('POST', '/v1/analyzers/pointed/aliases/stable/rollback')).status).toBe(409);
    const matching = (revision: string) =>
      tenant.send('PUT', '/v1/analyzers/pointed/aliases/stable', { modelId: own }, { 'if-match': revision });
    const [seen, stale] = [await matching('"1"'), await matching('"1"')];
    expect([seen.status, seen.headers.get('etag'), stale.status, stale.body['code']]).toEqual([
      200,
      '"2"',
      412,
      'precondition-failed',
    ]);
    expect((await tenant.send('GET', '/v1/analyzers/unknown/aliases')).status).toBe(404);
  });

  it('keeps its model from being retired', async () => {
    const tenant = await client();
    const first = await version(tenant, 'kept', 2);
    const second = await version(tenant, 'kept', 3);
    expect((await tenant.send('DELETE', `/v1/models/${first}`)).status).toBe(409);
    await tenant.send('PUT', '/v1/analyzers/kept/aliases/stable', { modelId: second });
    expect((await tenant.send('DELETE', `/v1/models/${first}`)).status).toBe(204);
    expect((await tenant.send('GET', `/v1/models/${first}`)).body['status']).toBe('retired');
    expect((await tenant.send('POST', '/v1/analyzers/kept/aliases/stable/rollback')).status).toBe(409);
    const { body } = await tenant.send('PUT', '/v1/analyzers/kept/aliases/stable', { modelId: first });
    expect(body).toMatchObject({ code: 'invalid-state-transition', currentStatus: 'retired' });
    const other = await client();
    expect((await other.send('DELETE', `/v1/models/${second}`)).status).toBe(404);
  });
});
