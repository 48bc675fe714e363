import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedTenant } from '../support/jobs-http.js';
import { modelApi, modelWorker } from '../support/model-apps.js';
import { ModelsClient, scaling, tensorManifest } from '../support/model-uploads.js';

type Json = Record<string, unknown>;

const SHAPES = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/models/shapes/model.onnx'));
const x = (data: readonly number[], shape: readonly number[] = [1, 2], datatype = 'FP32') => ({
  inputs: [{ name: 'x', datatype, shape, data }],
});

describe('uploaded models over the Open Inference Protocol', { timeout: 60_000 }, () => {
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let tenant: ModelsClient;

  beforeAll(async () => {
    api = await modelApi();
    worker = await modelWorker();
    tenant = new ModelsClient(await api.getUrl(), await storedTenant());
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const ready = async (manifest: Json, file: Buffer): Promise<string> => {
    const { body } = await tenant.upload(manifest, { 'model.onnx': file });
    const model = await tenant.admitted(String(body['id']));
    expect(model).toMatchObject({ status: 'ready' });
    return String(model['id']);
  };
  const outputsOf = ({ body }: { body: Json }) => body['outputs'] as { name: string; data: number[] }[];

  it('are described and run for their tenant, as a job of it, and for nobody else', async () => {
    await ready(tensorManifest('times'), scaling(2));
    const described = await tenant.send('GET', '/v2/models/times/versions/1');
    expect(described.body).toEqual({
      name: 'times',
      versions: ['1'],
      platform: 'onnx',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
    });
    const answer = await tenant.send('POST', '/v2/models/times/infer', x([1.25, 2, 3, 4], [2, 2]));
    expect(answer.body).toMatchObject({ model_name: 'times', model_version: '1' });
    expect(outputsOf(answer)[0]?.data).toEqual([2.5, 4, 6, 8]);
    const job = await tenant.send('GET', answer.headers.get('location') ?? '');
    expect(job.body).toMatchObject({ status: 'succeeded', analyzer: 'own-tensor/times', model: { name: 'times' } });
    const wide = await tenant.send('POST', '/v2/models/times/infer', x([1, 2, 3], [1, 3]));
    expect([wide.status, wide.body['error']]).toEqual([422, expect.stringMatching(/it must be FP32 \[n, 2\]/)]);

    const other = new ModelsClient(await api.getUrl(), await storedTenant());
    expect((await other.send('GET', '/v2/models/times')).status).toBe(404);
    expect((await other.send('POST', '/v2/models/times/infer', x([1, 2]))).status).toBe(404);
    expect((await tenant.send('GET', '/v2/models/times/versions/2')).status).toBe(404);
  });

  it('run whatever their analyzer makes of them, and name the version that ran', async () => {
    const labels = ['circle', 'square', 'triangle'];
    const input = { tensor: 'x', type: 'uint8', width: 32, height: 32 };
    const common = { manifestVersion: 1, kind: 'image-classifier', title: { en: 'Shapes', ko: '모양' } };
    const artifacts = [{ runtime: 'onnx', files: ['model.onnx'] }];
    const manifest = { ...common, slug: 'shape-rows', artifacts, input, output: { tensor: 'y', labels } };
    await ready(manifest, SHAPES);
    const pixels = Array.from({ length: 32 * 32 }, (_, i) =>
      Math.hypot((i % 32) - 16, Math.floor(i / 32) - 16) < 10 ? 230 : 20,
    );
    const { body } = await tenant.send('GET', '/v2/models/shape-rows');
    const [, ...row] = (body['inputs'] as { shape: number[] }[])[0]?.shape ?? [];
    const channels = row.at(-1) === 3 ? 3 : 1;
    const data = pixels.flatMap((value) => Array.from({ length: channels }, () => value));
    const answer = await tenant.send('POST', '/v2/models/shape-rows/infer', x(data, [1, ...row], 'UINT8'));
    const scores = outputsOf(answer)[0]?.data ?? [];
    expect(scores.indexOf(Math.max(...scores))).toBe(labels.indexOf('circle'));

    const second = await ready(tensorManifest('times'), scaling(3));
    await tenant.send('PUT', '/v1/analyzers/times/aliases/stable', { modelId: second });
    for (let i = 0; i < 300; i++) {
      const { body: answered } = await tenant.send('POST', '/v2/models/times/infer', x([1, 1]));
      const version = answered['model_version'];
      expect(outputsOf({ body: answered })[0]?.data).toEqual(version === '2' ? [3, 3] : [2, 2]);
      if (version === '2') return;
    }
    throw new Error('the second version never ran');
  });
});
