import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelFileSweep } from '../../src/model-registry/model-file-sweep.js';
import { ModelFileSweepModule } from '../../src/model-registry/model-file-sweep.module.js';
import { databaseModule } from '../support/database-module.js';
import { hostileModels } from '../support/hostile-models.js';
import { query } from '../support/job-fixtures.js';
import { storedTenant } from '../support/jobs-http.js';
import { modelApi, modelWorker } from '../support/model-apps.js';
import { ModelsClient, scaling, tensorManifest } from '../support/model-uploads.js';
import { SMALL_MODELS } from '../support/small-models.js';

interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly message: string;
}

let api: NestFastifyApplication;
let worker: TestingModule;
let baseUrl: string;

const client = async () => new ModelsClient(baseUrl, await storedTenant());
const checksOf = (model: Record<string, unknown>) => (model['admission'] as { checks: Check[] }).checks;
const pairs = (...rows: number[][]) => ({ inputs: { x: { shape: [rows.length, 2], data: rows } } });
const outputOf = (job: Record<string, unknown>) =>
  (job as { result: { data: { outputs: { y: { shape: number[]; data: number[] } } } } }).result.data.outputs.y;

beforeAll(async () => {
  api = await modelApi();
  baseUrl = await api.getUrl();
  worker = await modelWorker();
});
afterAll(async () => {
  await worker?.close();
  await api?.close();
});

describe('an uploaded model', () => {
  it('is checked, serves its analyzer, and is nobody else’s', async () => {
    const tenant = await client();
    const uploaded = await tenant.upload(tensorManifest('doubling'), { 'model.onnx': scaling(2) });
    expect([uploaded.status, uploaded.body['status']]).toEqual([202, 'admitting']);
    expect(uploaded.headers.get('location')).toBe(`/v1/models/${String(uploaded.body['id'])}`);
    const model = await tenant.admitted(String(uploaded.body['id']));
    expect(checksOf(model).filter(({ passed }) => !passed)).toEqual([]);
    expect(checksOf(model).map(({ name }) => name)).toEqual([
      'inspection',
      'signature',
      'load',
      'values',
      'repeatable',
      'batch_independence',
      'latency',
      'profile',
    ]);
    expect(model).toMatchObject({
      status: 'ready',
      name: 'doubling',
      version: '1',
      visibility: 'tenant',
      maxBatch: 16,
      inputs: [{ name: 'x', type: 'float32', shape: ['n', 2] }],
    });

    const job = await tenant.run('doubling', pairs([1, 2], [3, -4]));
    expect(job).toMatchObject({
      status: 'succeeded',
      model: { name: 'doubling', version: '1', digest: model['digest'] },
    });
    expect(outputOf(job)).toEqual({ shape: [2, 2], data: [2, 4, 6, -8] });
    const { body: analyzer } = await tenant.send('GET', '/v1/analyzers/doubling');
    expect(analyzer).toMatchObject({ slug: 'doubling', models: [model['id']], view: { renderer: 'table' } });

    const other = await client();
    expect((await other.send('GET', `/v1/models/${String(model['id'])}`)).status).toBe(404);
    expect((await other.send('GET', '/v1/analyzers/doubling')).status).toBe(404);
    expect((await other.send('POST', '/v1/jobs', { analyzer: 'doubling', input: pairs([1, 2]) })).status).toBe(422);
    const { body: list } = await other.send('GET', '/v1/models');
    expect((list['data'] as { name: string }[]).map(({ name }) => name)).not.toContain('doubling');
  });

  it('is stored by its content, read-only and alone', async () => {
    const tenant = await client();
    const { body } = await tenant.upload(tensorManifest('stored'), { 'model.onnx': scaling(3) });
    const directory = path.join(process.env['DATA_DIR'] ?? '', 'models', String(body['digest']).slice(7));
    expect(fs.readdirSync(directory)).toEqual(['onnx']);
    expect(fs.readdirSync(path.join(directory, 'onnx'))).toEqual(['model.onnx']);
    expect(fs.statSync(path.join(directory, 'onnx', 'model.onnx')).mode & 0o777).toBe(0o400);
    await tenant.admitted(String(body['id']));
    expect(fs.readdirSync(path.join(process.env['DATA_DIR'] ?? '', 'models', 'incoming'))).toEqual([]);
  });

  it('answers a repeated request with what the first one made', async () => {
    const tenant = await client();
    const headers = { 'idempotency-key': 'once' };
    const first = await tenant.upload(tensorManifest('once'), { 'model.onnx': scaling(2) }, headers);
    const again = await tenant.upload(tensorManifest('once'), { 'model.onnx': scaling(2) }, headers);
    expect([again.status, again.body['id'], again.headers.get('idempotency-replayed')]).toEqual([
      202,
      first.body['id'],
      'true',
    ]);
    const other = await tenant.upload(tensorManifest('once'), { 'model.onnx': scaling(5) }, headers);
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency-key-reused']);
    await tenant.admitted(String(first.body['id']));
  });

  it('may be of a file that was uploaded before', async () => {
    const tenant = await client();
    const content = scaling(7);
    const begun = await tenant.send('POST', '/v1/uploads', {
      purpose: 'model',
      name: 'model.onnx',
      bytes: content.length,
    });
    await tenant.put(String(begun.body['uploadUrl']), content);
    const file = await tenant.send('POST', `/v1/uploads/${String(begun.body['id'])}/complete`);
    expect([file.status, file.body['id']]).toEqual([200, begun.body['id']]);
    const sent = await tenant.send('POST', '/v1/models', {
      manifest: tensorManifest('stored-file'),
      fileId: file.body['id'],
    });
    expect([sent.status, await tenant.admitted(String(sent.body['id']))]).toMatchObject([202, { status: 'ready' }]);
    const foreign = await (
      await client()
    ).send('POST', '/v1/models', { manifest: tensorManifest('foreign'), fileId: file.body['id'] });
    expect([foreign.status, foreign.body['errors']]).toMatchObject([
      422,
      [{ pointer: '/fileId', code: 'unknown_file' }],
    ]);
  });

  it('is refused at the door when manifest and files do not fit each other', async () => {
    const tenant = await client();
    const refused = async (manifest: unknown, files: Record<string, Buffer>) => {
      const { status, body } = await tenant.upload(manifest, files);
      return [status, (body['errors'] as { pointer: string }[] | undefined)?.[0]?.pointer];
    };
    const good = { 'model.onnx': scaling(2) };
    expect(await refused({ ...tensorManifest('door'), script: 'rm' }, good)).toEqual([422, '/manifest']);
    expect(await refused(tensorManifest('Door'), good)).toEqual([422, '/manifest/slug']);
    expect(await refused(tensorManifest('surface-inspection'), good)).toEqual([422, '/manifest/slug']);
    expect(await refused(tensorManifest('door'), {})).toEqual([422, '/files/model.onnx']);
    expect(await refused(tensorManifest('door'), { ...good, 'other.bin': scaling(1) })).toEqual([
      422,
      '/files/other.bin',
    ]);
    expect(await refused(tensorManifest('door'), { 'the model.onnx': scaling(1) })).toEqual([
      422,
      '/files/the model.onnx',
    ]);
    expect(await refused(tensorManifest('door'), { 'model.onnx': Buffer.alloc(0) })).toEqual([
      422,
      '/files/model.onnx',
    ]);
    expect((await tenant.send('GET', '/v1/models')).body['data']).toHaveLength(4); // those that came with Maru
  });
});

describe('files of models', () => {
  it('go a day after the last model of their content was rejected or retired', async () => {
    const tenant = await client();
    const good = await tenant.upload(tensorManifest('swept'), { 'model.onnx': scaling(11) });
    const bad = await tenant.upload(tensorManifest('swept-bad'), { 'model.onnx': SMALL_MODELS.first() });
    for (const { body } of [good, bad]) await tenant.admitted(String(body['id']));
    const root = path.join(process.env['DATA_DIR'] ?? '', 'models');
    const exists = ({ body }: typeof good) => fs.existsSync(path.join(root, String(body['digest']).slice(7)));
    fs.mkdirSync(path.join(root, 'incoming', 'broken'), { recursive: true });
    const module = await databaseModule(ModelFileSweepModule);
    try {
      const sweep = module.get(ModelFileSweep);
      expect(await sweep.run()).toEqual({ removed: 0 });
      const { removed } = await sweep.run(Date.now() + 25 * 3_600_000);
      expect(removed).toBeGreaterThanOrEqual(2);
      expect([exists(good), exists(bad), fs.readdirSync(path.join(root, 'incoming'))]).toEqual([true, false, []]);
      await query(`update maru.model_versions set status = 'retired' where name = 'swept'`);
      await sweep.run(Date.now() + 25 * 3_600_000);
      expect(exists(good)).toBe(false);
    } finally {
      await module.close();
    }
  });
});

describe('a bad model', () => {
  const hostile = hostileModels();
  const wide = { outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 3] }] };
  const labeled = { outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 3], labels: ['a', 'b', 'c'] }] };
  it.each([
    ['endless loop', hostile['endlessLoop']?.file, {}, 'operators', /Loop/],
    ['external data', hostile['externalAbsolute']?.file, {}, 'external_data', /external data/],
    ['too many nodes', hostile['manyNodes']?.file, {}, 'graph_size', /too many nodes/],
    ['wrong rank', hostile['good']?.file, {}, 'signature', /shape \[n\]/],
    ['wrong width', scaling(2), wide, 'signature', /\[n, 2\] in the file, the manifest says \[n, 3\]/],
    ['wrong label count', scaling(2), labeled, 'signature', /the manifest says \[n, 3\]/],
    [
      'other names',
      scaling(2),
      { outputs: [{ tensor: 'z', type: 'float32', shape: ['n', 2] }] },
      'signature',
      /manifest names z/,
    ],
    ['NaN', SMALL_MODELS.log(), {}, 'values', /not a finite number/],
    ['rows lost', SMALL_MODELS.first(), {}, 'values', /for 2 rows/],
    ['not a model', Buffer.from('<html></html>'), {}, 'structure', /damaged/],
  ])('(%s) is rejected and says why', async (_name, file, changes, check, reason) => {
    const tenant = await client();
    const { body } = await tenant.upload(tensorManifest('bad', changes), { 'model.onnx': file ?? Buffer.alloc(0) });
    const model = await tenant.admitted(String(body['id']));
    expect(model['status']).toBe('rejected');
    expect(checksOf(model).at(-1)).toMatchObject({
      name: check,
      passed: false,
      message: expect.stringMatching(reason) as string,
    });
    expect((await tenant.send('GET', '/v1/analyzers/bad')).status).toBe(404);
  });

  it('costs the next one nothing, not even its version', async () => {
    const tenant = await client();
    const bad = await tenant.upload(tensorManifest('next'), { 'model.onnx': SMALL_MODELS.log() });
    await tenant.admitted(String(bad.body['id']));
    const good = await tenant.upload(tensorManifest('next'), { 'model.onnx': scaling(2) });
    expect(await tenant.admitted(String(good.body['id']))).toMatchObject({ status: 'ready', version: '1' });
  });
});

describe('an admission', () => {
  it('of a worker that died is taken over by another', async () => {
    const tenant = await client();
    await query(`update maru.model_versions set lease_until = now() + interval '1 hour' where status = 'admitting'`);
    const { body } = await tenant.upload(tensorManifest('orphan'), { 'model.onnx': scaling(2) });
    const model = await tenant.admitted(String(body['id']));
    expect(model['status']).toBe('ready');
    // As a worker leaves it that dies in the middle: claimed once, one check written, its lease over.
    await query(
      `update maru.model_versions set status = 'admitting', worker = 'dead', lease_until = now() - interval '1 s', attempts = 1,
              checked_at = null, checks = '[{"name":"inspection","passed":true,"message":"","ms":1}]' where name = 'orphan'`,
    );
    await query(`select pg_notify('maru_models', '')`);
    const again = await tenant.admitted(String(body['id']));
    expect([again['status'], checksOf(again).length]).toEqual(['ready', 8]);
    const [row] = await query<{ attempts: number }>(`select attempts from maru.model_versions where name = 'orphan'`);
    expect(row?.attempts).toBe(2);
  });

  it('of files that their runtime does not load says so', async () => {
    const tenant = await client();
    const artifacts = [{ runtime: 'tensorflow', files: ['model.json', 'weights.bin'] }];
    const json = {
      format: 'graph-model',
      modelTopology: { node: [{ name: 'y', op: 'Neg' }] },
      weightsManifest: [{ paths: ['weights.bin'], weights: [{ name: 'k', shape: [1], dtype: 'float32' }] }],
    };
    const files = { 'model.json': Buffer.from(JSON.stringify(json)), 'weights.bin': Buffer.alloc(4) };
    const { body } = await tenant.upload(tensorManifest('graph', { artifacts }), files);
    const model = await tenant.admitted(String(body['id']));
    expect(model['status']).toBe('rejected');
    expect(checksOf(model).map(({ name, passed }) => [name, passed])).toEqual([
      ['inspection', true],
      ['signature', true],
      ['load', false],
    ]);
    const bare = await tenant.upload(tensorManifest('graph', { artifacts }), {
      ...files,
      'weights.bin': Buffer.alloc(5),
    });
    const refused = await tenant.admitted(String(bare.body['id']));
    expect(checksOf(refused)).toMatchObject([{ name: 'weights', passed: false }]);
  });

  it('that ended three workers is given up', async () => {
    const tenant = await client();
    const { body } = await tenant.upload(tensorManifest('poison'), { 'model.onnx': scaling(2) });
    await tenant.admitted(String(body['id']));
    await query(
      `update maru.model_versions set status = 'admitting', worker = 'dead', lease_until = now() - interval '1 s', attempts = 3 where name = 'poison'`,
    );
    await query(`select pg_notify('maru_models', '')`);
    const model = await tenant.admitted(String(body['id']));
    expect([model['status'], checksOf(model).at(-1)?.name]).toEqual(['rejected', 'attempts']);
  });
});
