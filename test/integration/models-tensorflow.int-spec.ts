import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphModelVersion } from '../support/graph-models.js';
import { storedTenant } from '../support/jobs-http.js';
import { modelApi, modelWorker } from '../support/model-apps.js';
import { ModelsClient, scaling, tensorManifest } from '../support/model-uploads.js';

type Json = Record<string, unknown>;
type Check = { readonly name: string; readonly passed: boolean; readonly message: string };

const SURFACES = path.join(import.meta.dirname, '../../models/surface-inspection/tfjs');
const TFJS = { runtime: 'tensorflow', files: ['model.json', 'weights.bin'] };
const GRAPH = { runtime: 'tensorflow', files: ['model.json'] };
const ONNX = { runtime: 'onnx', files: ['model.onnx'] };

describe('uploads of TensorFlow.js models', { timeout: 120_000 }, () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-tfjs-uploads-'));
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
    fs.rmSync(directory, { recursive: true, force: true });
  });

  /** A graph without weights: y = x + x. */
  const doubling = () => {
    const json = JSON.parse(fs.readFileSync(graphModelVersion('double', directory).file, 'utf8')) as Json;
    return { 'model.json': Buffer.from(JSON.stringify({ ...json, weightsManifest: [] })) };
  };
  const admitted = async (manifest: Json, files: Readonly<Record<string, Buffer>>) => {
    const { status, body } = await tenant.upload(manifest, files);
    expect(status, JSON.stringify(body)).toBe(202);
    const model = await tenant.admitted(String(body['id']));
    return { model, checks: (model['admission'] as { checks: Check[] }).checks };
  };

  it('serves a trained network, from upload to result', async () => {
    const manifest = tensorManifest('surfaces', {
      artifacts: [TFJS],
      inputs: [{ tensor: 'x', type: 'float32', shape: ['n', 128, 128, 1], minimum: 0, maximum: 1, maxRows: 2 }],
      outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 16, 16, 5] }],
    });
    const files = TFJS.files.map((name) => [name, fs.readFileSync(path.join(SURFACES, name))] as const);
    const { model } = await admitted(manifest, Object.fromEntries(files));
    expect(model).toMatchObject({ status: 'ready' });
    const row = Buffer.from(new Float32Array(128 * 128).fill(0.5).buffer).toString('base64');
    const job = await tenant.run('surfaces', { inputs: { x: { shape: [1, 128, 128, 1], base64: row } } });
    const { y } = (job['result'] as { data: { outputs: { y: { shape: number[]; data: number[] } } } }).data.outputs;
    expect(y.shape).toEqual([1, 16, 16, 5]);
    // Class scores of each cell are probabilities.
    for (let cell = 0; cell < 256; cell++) {
      expect(y.data.slice(cell * 5, cell * 5 + 5).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 4);
    }
  });

  it('takes one model for two runtimes when both give the same answers', async () => {
    const manifest = tensorManifest('twins', { artifacts: [ONNX, GRAPH] });
    const { model, checks } = await admitted(manifest, { 'model.onnx': scaling(2), ...doubling() });
    expect(model).toMatchObject({ status: 'ready' });
    expect(checks.map(({ name }) => name)).toContain('tensorflow_load');
    expect(checks.at(-1)).toMatchObject({ name: 'runtimes_agree', passed: true });
  });

  it('refuses one that answers differently in each', async () => {
    const manifest = tensorManifest('strangers', { artifacts: [ONNX, GRAPH] });
    const { model, checks } = await admitted(manifest, { 'model.onnx': scaling(3), ...doubling() });
    expect(model).toMatchObject({ status: 'rejected' });
    expect(checks.at(-1)).toMatchObject({ name: 'runtimes_agree', passed: false });
    expect(checks.at(-1)?.message).toMatch(/the two runtimes disagree: y\[0\]/);
  });
});
