import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HealthModule } from '../../src/health/health.module.js';
import { ShippedModels } from '../../src/inference/models/shipped-models.js';
import { query } from '../support/job-fixtures.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { RemoteRig } from '../support/remote-rig.js';
import { inferenceRuntimeConformance } from '../support/runtime-conformance.js';
import { until } from '../support/signals.js';
import { smallModel } from '../support/small-models.js';
import { WatchedOnnx } from '../support/watched-onnx.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/models', import.meta.url));
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-open-inference-'));
const shapes = new ShippedModels(FIXTURES).byName('shapes');
const small = (['double', 'log', 'first', 'lengths'] as const).map((kind) => smallModel(kind, directory));
const models = [shapes, ...small];
const probes = models.map(({ name }) => new ProbeAnalyzer(name, '1.0.0', `probe-${name}`));
const slugs = probes.map(({ definition }) => definition.slug);

let api: NestFastifyApplication;
let worker: TestingModule;
let runtime: WatchedOnnx;
let baseUrl: string;

beforeAll(async () => {
  api = await probeApi(probes, models, HealthModule);
  baseUrl = await api.getUrl();
  worker = await probeWorker(probes, models, (arena) => (runtime = new WatchedOnnx(arena)));
});
afterAll(async () => {
  await worker.close();
  await api.close();
  fs.rmSync(directory, { recursive: true, force: true });
});

describe('Maru as a server of the Open Inference Protocol', { timeout: 60_000 }, () => {
  inferenceRuntimeConformance('RemoteRuntime over Maru', async () => {
    const headers = { Authorization: `Bearer ${await storedTenant(...slugs)}` };
    const served = { shapes: 32, double: 8, log: 8, first: 8 };
    const rig = new RemoteRig({ baseUrl, dialect: 'oip', models: served, headers, maxInFlight: 8 });
    const isUp = async () => (await rig.runtime.describe()).unavailable.length === 0;
    await until(isUp, { timeoutMs: 40_000, what: 'the server is ready' });
    const double = rig.model('double');
    const misdescribed = {
      ...double,
      id: double.id.replace(/^.{8}/, '00000000'),
      outputs: double.outputs.map((output) => ({ ...output, name: 'z' })),
    };
    const own = { shapes: rig.model('shapes'), double, log: rig.model('log'), first: rig.model('first'), misdescribed };
    const { arena, device } = rig;
    return { runtime: rig.runtime, arena, device, provider: 'far', models: own, close: () => rig.close() };
  });
});

describe('the Open Inference Protocol', { timeout: 60_000 }, () => {
  let tenantId: string;

  beforeAll(async () => {
    tenantId = await storedTenant('probe-double', 'probe-log', 'probe-lengths');
  });

  const get = (where: string, as = tenantId) =>
    fetch(`${baseUrl}/v2${where}`, { headers: { Authorization: `Bearer ${as}` } });
  function infer(body: unknown, headers: Record<string, string> = {}, where = '/models/double/infer') {
    const all = { Authorization: `Bearer ${tenantId}`, 'Content-Type': 'application/json', ...headers };
    const content = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
    return fetch(`${baseUrl}/v2${where}`, { method: 'POST', headers: all, body: content });
  }
  const x = (data: unknown, shape: readonly number[] = [1, 2]) => ({ name: 'x', datatype: 'FP32', shape, data });
  interface Answer {
    readonly id?: string;
    readonly model_name: string;
    readonly model_version: string;
    readonly outputs: readonly {
      name: string;
      datatype: string;
      shape: number[];
      data?: number[];
      parameters?: object;
    }[];
    readonly error?: string;
    readonly code?: string;
  }
  const jsonOf = async (response: Response) => (await response.json()) as Answer;

  it('describes itself and the models of the tenant', async () => {
    expect(await (await get('')).json()).toMatchObject({ name: 'maru', extensions: ['binary_tensor_data'] });
    expect([(await get('/health/live')).status, (await get('/health/ready')).status]).toEqual([200, 200]);
    const described = {
      name: 'double',
      versions: ['1.0.0'],
      platform: 'onnx',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
    };
    for (const where of ['/models/double', '/models/double/versions/1.0.0']) {
      expect(await (await get(where)).json()).toEqual(described);
      expect((await get(`${where}/ready`)).status).toBe(200);
    }
  });

  it('answers alike for a model of others, one that does not exist and a version that does not serve', async () => {
    for (const model of ['shapes', 'nothing', 'double/versions/9', 'probe-double']) {
      for (const tail of ['', '/ready']) expect((await get(`/models/${model}${tail}`)).status, model).toBe(404);
      const refused = await infer({ inputs: [x([1, 2])] }, {}, `/models/${model}/infer`);
      expect([refused.status, (await jsonOf(refused)).code]).toEqual([404, 'not-found']);
    }
  });

  it('runs JSON as a job that is stored, billed and named in the answer', async () => {
    const response = await infer({ id: 'mine', inputs: [x([[1, 2], [3, 4]], [2, 2])] }); // prettier-ignore
    expect(await jsonOf(response)).toEqual({
      model_name: 'double',
      model_version: '1.0.0',
      id: 'mine',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [2, 2], data: [2, 4, 6, 8] }],
    });
    const id = response.headers.get('location')?.replace('/v1/jobs/', '') ?? '';
    const client = new JobsClient(baseUrl, tenantId);
    const job = await client.ended(id);
    expect((await client.call('POST', `/v1/jobs/${id}/rerun`)).status).toBe(422);
    expect(job).toMatchObject({ status: 'succeeded', analyzer: 'tensor/double' });
    const ledger = await query<{ n: number }>('select count(*)::int as n from maru.usage_ledger where tenant_id = $1', [
      tenantId,
    ]);
    expect(ledger[0]?.n).toBeGreaterThan(0);
  });

  it('takes and gives raw tensors, and each output as it was asked for', async () => {
    const raw = Buffer.from(Float32Array.of(1.5, -2).buffer);
    const entry = { name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: raw.length } };
    const send = (extra: object) => {
      const head = Buffer.from(JSON.stringify({ inputs: [entry], ...extra }));
      const headers = {
        'Content-Type': 'application/octet-stream',
        'Inference-Header-Content-Length': `${head.length}`,
      };
      return infer(Buffer.concat([head, raw]), headers, '/models/double/versions/1.0.0/infer');
    };
    const binary = await send({ parameters: { binary_data_output: true } });
    expect(binary.headers.get('content-type')).toBe('application/octet-stream');
    const length = Number(binary.headers.get('inference-header-content-length'));
    const body = Buffer.from(await binary.arrayBuffer());
    const message = JSON.parse(body.subarray(0, length).toString()) as Answer;
    expect(message.outputs).toEqual([
      { name: 'y', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
    ]);
    expect([...new Float32Array(Uint8Array.from(body.subarray(length)).buffer)]).toEqual([3, -4]);
    const chosen = await send({ outputs: [{ name: 'y', parameters: { binary_data: false } }] });
    expect((await jsonOf(chosen)).outputs[0]?.data).toEqual([3, -4]);
  });

  it('refuses tensors that the model cannot take, before there is a job', async () => {
    const before = await jobs();
    const faults: [object, RegExp][] = [
      [{ inputs: [] }, /x must be given once/],
      [{ inputs: [x([1, 2]), x([1, 2])] }, /x must be given once/],
      [{ inputs: [{ ...x([1, 2]), name: 'z' }] }, /no input z/],
      [{ inputs: [x([1, 2, 3], [1, 3])] }, /FP32 \[1, 3\]; it must be FP32 \[n, 2\]/],
      [{ inputs: [{ ...x([1, 2]), datatype: 'INT32' }] }, /INT32 \[1, 2\]/],
      [{ inputs: [{ ...x([1, 2]), datatype: 'BYTES' }] }, /BYTES of x is not served/],
      [{ inputs: [x([1, 2, 3])] }, /3 values for a shape of 2/],
      [{ inputs: [x(['1', 2])] }, /not FP32/],
      [{ inputs: [x([], [0, 2])] }, /one or more/],
      [
        {
          inputs: [
            x(
              Array.from({ length: 18 }, () => 0),
              [9, 2],
            ),
          ],
        },
        /9 rows are more than/,
      ],
      [{ inputs: [x([1, 2])], outputs: [{ name: 'z' }] }, /no output z/],
      [{ inputs: [{ ...x(undefined), parameters: { binary_data_size: 8 } }] }, /has 8 bytes; 0 follow/],
    ];
    for (const [body, message] of faults) {
      const response = await infer(body);
      const { error } = await jsonOf(response);
      expect(response.status, JSON.stringify(body)).toBe(422);
      expect(error).toMatch(message);
    }
    const odd = await infer({ inputs: [x([1, 2, 3], [1, 3])] }, {}, '/models/lengths/infer');
    expect((await jsonOf(odd)).error).toMatch(/takes the sizes 16, 64; pad/);
    expect(await jobs()).toBe(before);
  });

  it('takes a body without a type, as some clients of the protocol send it', async () => {
    const body = new TextEncoder().encode(JSON.stringify({ inputs: [x([7, 8])] }));
    const headers = { Authorization: `Bearer ${tenantId}` };
    const response = await fetch(`${baseUrl}/v2/models/double/infer`, { method: 'POST', headers, body });
    expect((await jsonOf(response)).outputs[0]?.data).toEqual([14, 16]);
  });

  it('refuses bodies of other types, and raw bodies elsewhere', async () => {
    expect((await infer({}, { 'Content-Type': 'text/html' })).status).toBe(415);
    const raw = { Authorization: `Bearer ${tenantId}`, 'Content-Type': 'application/octet-stream' };
    const elsewhere = await fetch(`${baseUrl}/v1/jobs`, { method: 'POST', headers: raw, body: new Uint8Array(4) });
    expect(elsewhere.status).toBe(415);
    for (const length of ['abc', '999', '-1']) {
      const broken = await infer(Buffer.from('{}'), {
        'Content-Type': 'application/octet-stream',
        'Inference-Header-Content-Length': length,
      });
      expect(broken.status, length).toBe(422);
    }
  });

  it('makes one job of two requests with one key', async () => {
    const before = await jobs();
    const headers = { 'Idempotency-Key': 'once' };
    const [first, second] = [
      await infer({ inputs: [x([5, 5])] }, headers),
      await infer({ inputs: [x([5, 5])] }, headers),
    ];
    expect(await first.json()).toEqual(await second.json());
    expect(first.headers.get('location')).toBe(second.headers.get('location'));
    expect(await jobs()).toBe(before + 1);
    expect((await infer({ inputs: [x([5, 6])] }, headers)).status).toBe(422);
  });

  it('says why the model could not answer', async () => {
    const response = await infer({ inputs: [x([1, -1])] }, {}, '/models/log/infer');
    expect(response.status).toBe(422);
    expect((await jsonOf(response)).error).toMatch(/not a finite number/);
  });

  it('waits no longer than it was asked to, and says which job it was', async () => {
    const opened = Promise.withResolvers<void>();
    runtime.gate = opened.promise;
    const response = await infer({ inputs: [x([1, 1])] }, { Prefer: 'wait=1' });
    const body = (await response.json()) as { jobId?: string; error?: string };
    opened.resolve();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(body.jobId).toMatch(/^job_[0-9a-z]{26}$/);
    expect(body.error).toMatch(/within 1 s|is canceled|is expired/);
    const job = await new JobsClient(baseUrl, tenantId).ended(body.jobId ?? '');
    expect(['canceled', 'expired', 'succeeded']).toContain(job.status);
  });

  it('offers the analyzers behind it to nobody by their own names', async () => {
    const headers = { Authorization: `Bearer ${tenantId}`, 'Content-Type': 'application/json' };
    const input = { shapeBucket: '2', tensors: [] };
    const body = JSON.stringify({ analyzer: 'tensor/double', input });
    const response = await fetch(`${baseUrl}/v1/jobs`, { method: 'POST', headers, body });
    expect([response.status, (await jsonOf(response)).code]).toEqual([422, 'validation-failed']);
  });

  async function jobs(): Promise<number> {
    const rows = await query<{ n: number }>('select count(*)::int as n from maru.jobs where tenant_id = $1', [
      tenantId,
    ]);
    return rows[0]?.n ?? 0;
  }
});
