import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoTenantCredentials } from '../../src/demo/demo-credentials.js';
import { DemoApi } from '../support/demo-api.js';
import { type RunningMaru, startMaru } from '../support/running-maru.js';

/** Rows of the same picture through both products may differ by this much. */
const TOLERANCE = 1e-4;
const PLATE = 'hanbit-weld-plate.png';

/** Maru that serves its models with TensorFlow.js, and a second one whose surface model runs on the first. */
describe('the built product on other runtimes', () => {
  let tensorflow: RunningMaru;
  let remote: RunningMaru;

  beforeAll(async () => {
    tensorflow = await startMaru({ INFERENCE_RUNTIMES: 'tensorflow', INFERENCE_DEVICES: 'cpu' });
    const server = {
      name: 'first',
      baseUrl: tensorflow.baseUrl,
      dialect: 'oip',
      headers: { Authorization: `Bearer ${hanbit(tensorflow).apiKey}` },
      models: [{ name: 'surface-net', maxBatchSize: 8 }],
    };
    remote = await startMaru({ MARU_REMOTE_RUNTIMES: JSON.stringify([server]), INFERENCE_DEVICES: 'cpu' });
  }, 300_000);
  afterAll(async () => {
    await remote.stop();
    await tensorflow.stop();
  });

  const hanbit = ({ credentials }: RunningMaru) =>
    credentials.tenants.find(({ slug }) => slug === 'hanbit') as DemoTenantCredentials;
  async function inspect(maru: RunningMaru) {
    const api = new DemoApi(maru.baseUrl, hanbit(maru).apiKey);
    const plate = fs.readFileSync(path.resolve('samples', PLATE));
    const job = await api.submitFile('surface-inspection', 'image', PLATE, plate, { Prefer: 'wait=30' });
    const infer = (await api.timeline(job.id)).find(
      ({ stage, type }) => stage === 'infer' && type === 'stage.completed',
    );
    const data = job.result?.data as { defectClass: string; confidence: number; boxes: { label: string }[] };
    return { execution: infer?.execution, data };
  }

  it('gives the same answer with TensorFlow.js and through the Open Inference Protocol', async () => {
    const [first, second] = [await inspect(tensorflow), await inspect(remote)];
    expect(first.execution).toMatchObject({ device: 'cpu:0', runtime: 'tensorflow', model: { name: 'surface-net' } });
    expect(second.execution).toMatchObject({
      device: 'remote:first',
      runtime: 'remote',
      model: { name: 'surface-net' },
    });
    expect(first.data.defectClass).toBe('scratch');
    expect(second.data.defectClass).toBe(first.data.defectClass);
    expect(second.data.boxes.map(({ label }) => label)).toEqual(first.data.boxes.map(({ label }) => label));
    expect(Math.abs(second.data.confidence - first.data.confidence)).toBeLessThan(TOLERANCE);
  });

  it('keeps the models of the other tenants to itself', async () => {
    const ask = (name: string, headers: Record<string, string>) =>
      fetch(`${tensorflow.baseUrl}/v2/models/${name}`, { headers });
    const key = { Authorization: `Bearer ${hanbit(tensorflow).apiKey}` };
    const dasan = tensorflow.credentials.tenants.find(({ slug }) => slug === 'dasan') as DemoTenantCredentials;
    const other = { Authorization: `Bearer ${dasan.apiKey}` };
    expect((await ask('surface-net', key)).status).toBe(200);
    expect((await ask('surface-net', other)).status).toBe(404);
    expect((await ask('surface-net', {})).status).toBe(401);
  });
});
