import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedTenant } from '../support/jobs-http.js';
import { modelApi, modelWorker } from '../support/model-apps.js';
import { ModelsClient } from '../support/model-uploads.js';
import { constant, model, node, value } from '../support/onnx-writer.js';
import { drawnPng } from '../support/pictures.js';

type Json = Record<string, unknown>;

const SHAPES = fs.readFileSync(path.join(import.meta.dirname, '../fixtures/models/shapes/model.onnx'));
const COMMON = {
  manifestVersion: 1,
  title: { en: 'A model', ko: '모델' },
  artifacts: [{ runtime: 'onnx', files: ['model.onnx'] }],
};
const resultOf = (job: Json) => (job['result'] as { kind: string; data: Json }) ?? job;

/** A bright disc, square or nothing on black. */
const disc = drawnPng(64, 64, (x, y) => (Math.hypot(x - 32, y - 32) < 20 ? 230 : 20));
const square = drawnPng(64, 64, (x, y) => (Math.max(Math.abs(x - 32), Math.abs(y - 32)) < 18 ? 230 : 20));

/** float32 [n, 1, 64] -> the mean of each 16 samples, [n, 1, 4]. */
function averages(): Buffer {
  const pool = node('AveragePool', ['x'], ['y'], { kernel_shape: [16], strides: [16] });
  return model({
    nodes: [pool],
    inputs: [value('x', 'float32', ['n', 1, 64])],
    outputs: [value('y', 'float32', ['n', 1, 4])],
  });
}

describe('analyzers without code', () => {
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

  const ready = async (manifest: Json, file: Buffer) => {
    const { body } = await tenant.upload(manifest, { 'model.onnx': file });
    const admitted = await tenant.admitted(String(body['id']));
    expect(admitted).toMatchObject({ status: 'ready' });
  };
  const dataUri = (png: Buffer) => ({ image: { dataUri: `data:image/png;base64,${png.toString('base64')}` } });

  it('classify pictures with a trained network, from upload to result', async () => {
    const labels = ['circle', 'square', 'triangle'];
    const input = { tensor: 'x', type: 'uint8', width: 32, height: 32 };
    const output = { tensor: 'y', labels, topK: 2 };
    await ready({ ...COMMON, slug: 'shape-kinds', kind: 'image-classifier', input, output }, SHAPES);
    const answers = await Promise.all([disc, square].map((png) => tenant.run('shape-kinds', dataUri(png))));
    expect(answers.map((job) => job['status'])).toEqual(['succeeded', 'succeeded']);
    expect(answers.map((job) => resultOf(job).data['label'])).toEqual(['circle', 'square']);
    expect(resultOf(answers[0] ?? {}).kind).toBe('table');
    const { body } = await tenant.send('GET', '/v1/analyzers/shape-kinds');
    expect(body).toMatchObject({
      name: { en: 'A model', ko: '모델' },
      price: { unit: 'image' },
      view: { labels: labels.map((id) => ({ id })) },
      inputSchema: { properties: { image: { 'x-file': { accept: ['image/jpeg', 'image/png', 'image/webp'] } } } },
    });
    const refused = await tenant.send('POST', '/v1/jobs', { analyzer: 'shape-kinds', input: { image: 7 } });
    expect(refused.status).toBe(422);
  });

  it('normalize pictures for a network that wants float rows', async () => {
    // The mean over height and width of the normalized picture: black is -1, white is 1.
    const means = model({
      nodes: [node('ReduceMean', ['x'], ['y'], { axes: [2, 3], keepdims: 0 })],
      inputs: [value('x', 'float32', ['n', 3, 8, 8])],
      outputs: [value('y', 'float32', ['n', 3])],
    });
    const input = {
      tensor: 'x',
      type: 'float32',
      layout: 'NCHW',
      width: 8,
      height: 8,
      normalization: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.125] },
    };
    const output = { tensor: 'y', labels: ['r', 'g', 'b'], activation: 'softmax', topK: 3 };
    await ready({ ...COMMON, slug: 'brightness', kind: 'image-classifier', input, output }, means);
    const white = await tenant.run('brightness', dataUri(drawnPng(16, 16, () => 255)));
    const powers = [1, 2, 4].map(Math.exp);
    const sum = powers.reduce((total, p) => total + p, 0);
    const scores = (resultOf(white).data['predictions'] as { label: string; score: number }[]).map(
      ({ score }) => score,
    );
    [4, 2, 1].forEach((power, i) => expect(scores[i]).toBeCloseTo(Math.exp(power) / sum, 4));
  });

  it('score a series in windows', async () => {
    const manifest = {
      ...COMMON,
      slug: 'levels',
      kind: 'timeseries',
      input: { tensor: 'x', shape: ['n', 1, 64] },
      output: { tensor: 'y', windows: 4, threshold: 0.8 },
    };
    await ready(manifest, averages());
    const values = Array.from({ length: 40 }, (_, i) => (i < 16 ? 0 : i < 32 ? 0.9 : 0.5));
    const job = await tenant.run('levels', { values });
    expect(resultOf(job)).toMatchObject({
      kind: 'series',
      data: {
        verdict: 'anomalous',
        score: 0.9,
        samples: 40,
        windows: [{ score: 0 }, { score: 0.9 }, { start: 32, end: 40 }],
      },
    });
    const short = await tenant.send('POST', '/v1/jobs', { analyzer: 'levels', input: { values: [1] } });
    expect(short.status).toBe(422);
  });

  it('detect boxes', async () => {
    // Two fixed boxes for every picture: x * 0 has the rows of the batch, the boxes are added to it.
    const detector = model({
      nodes: [
        node('Cast', ['x'], ['f'], { to: 1 }),
        node('ReduceMean', ['f'], ['m'], { axes: [1, 2, 3], keepdims: 0 }),
        node('Reshape', ['m', 'each'], ['r']),
        node('Mul', ['r', 'none'], ['z']),
        node('Add', ['z', 'boxes'], ['b']),
        node('Add', ['z', 'scores'], ['s']),
      ],
      constants: [
        constant('each', 'int64', [3], BigInt64Array.of(-1n, 1n, 1n)),
        constant('none', 'float32', [1], new Float32Array([0])),
        constant('boxes', 'float32', [1, 2, 4], Float32Array.of(2, 2, 6, 6, 10, 4, 14, 12)),
        constant('scores', 'float32', [1, 2, 1], Float32Array.of(0.9, 0.4)),
      ],
      inputs: [value('x', 'uint8', ['n', 16, 16, 3])],
      outputs: [value('b', 'float32', ['n', 2, 4]), value('s', 'float32', ['n', 2, 1])],
    });
    const input = { tensor: 'x', type: 'uint8', width: 16, height: 16, fit: 'contain' };
    const output = { boxes: 'b', scores: 's', candidates: 2, labels: ['thing'], threshold: 0.5 };
    await ready({ ...COMMON, slug: 'boxes', kind: 'image-detector', input, output }, detector);
    const job = await tenant.run('boxes', dataUri(drawnPng(32, 16, () => 99)));
    expect(resultOf(job)).toMatchObject({
      kind: 'image_boxes',
      data: { count: 1, boxes: [{ x: 4, y: 4, width: 8, height: 8, label: 'thing', score: 0.9 }] },
    });
  });
});
