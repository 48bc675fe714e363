import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoTenantCredentials } from '../../src/demo/demo-credentials.js';
import { DemoApi, type JobBody } from '../support/demo-api.js';
import { type RunningMaru, startMaru } from '../support/running-maru.js';
import { until } from '../support/signals.js';

/** The whole product as it is built: supervisor, api, worker, engine, decoders, embedded PostgreSQL. */
describe('the main job on the built product', () => {
  let maru: RunningMaru;
  let hanbit: DemoApi;
  let dasan: DemoApi;
  let pureun: DemoApi;

  beforeAll(async () => {
    maru = await startMaru();
    const of = (slug: string): DemoApi => {
      const own = maru.credentials.tenants.find((t) => t.slug === slug) as DemoTenantCredentials;
      return new DemoApi(maru.baseUrl, own.apiKey);
    };
    [hanbit, dasan, pureun] = [of('hanbit'), of('dasan'), of('pureun')];
  }, 180_000);
  afterAll(() => maru.stop());

  const sample = (name: string): Buffer => fs.readFileSync(path.resolve('samples', name));

  it('finds the flaws of the plate and shows every stage with its receipt', async () => {
    const job = await hanbit.submitFile('surface-inspection', 'image', 'plate.png', sample('hanbit-weld-plate.png'), {
      Prefer: 'wait=30',
    });
    expect(job).toMatchObject({ status: 'succeeded', attempt: 1, result: { kind: 'image_boxes' } });
    const data = job.result!.data as { defectClass: string; boxes: unknown[]; heatmap: { data: number[] } };
    expect(data.defectClass).not.toBe('ok');
    expect(data.boxes.length).toBeGreaterThan(0);
    expect(data.heatmap.data).toHaveLength(256);
    const timeline = await hanbit.timeline(job.id);
    expect(timeline.map((t) => [t.seq, t.type, t.stage])).toEqual([
      [1, 'job.queued', null],
      [2, 'job.started', null],
      [3, 'stage.completed', 'prepare'],
      [4, 'stage.completed', 'batch'],
      [5, 'stage.completed', 'infer'],
      [6, 'stage.completed', 'interpret'],
      [7, 'job.succeeded', null],
    ]);
    expect(timeline[4]!.execution).toMatchObject({
      inferenceBatchId: expect.stringMatching(/^ib_[0-9a-z]{26}$/) as string,
      device: 'cpu:0',
      runtime: 'onnx',
      model: { name: 'surface-net', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string },
    });
  });

  it('reads the label and finds the noise burst', async () => {
    const wait = { Prefer: 'wait=30' };
    const label = await dasan.submitFile('digit-reader', 'image', 'label.png', sample('dasan-parcel-label.png'), wait);
    expect(label.result!.data).toMatchObject({ text: '40172965' });
    const signal = await pureun.submitFile(
      'signal-anomaly',
      'file',
      'v.csv',
      sample('pureun-turbine-vibration.csv'),
      wait,
    );
    expect(signal.result!.data).toMatchObject({ verdict: 'anomalous' });
    const values = Array.from({ length: 512 }, (_, i) => Math.sin(i / 9));
    const calm = await pureun.submit({ analyzer: 'signal-anomaly', input: { values } }, wait);
    expect(calm.body).toMatchObject({ status: 'succeeded', result: { data: { verdict: 'normal' } } });
  });

  it('finds the digits of a meter, and reads each of them with a second model', async () => {
    const meter = sample('pureun-gas-meter.png');
    const job = await pureun.submitFile('meter-reader', 'image', 'meter.png', meter, { Prefer: 'wait=30' });
    expect(job).toMatchObject({ status: 'succeeded', result: { data: { text: '0048216', truncated: false } } });
    const receipts = (await pureun.timeline(job.id)).flatMap(({ execution }) => execution ?? []);
    const [first, ...rest] = receipts.map((receipt) => (receipt as { model: { name: string } }).model.name);
    expect([first, ...new Set(rest)]).toEqual(['meter-net', 'digit-net']);
  });

  it('makes one job of two creates with one key', async () => {
    const body = { analyzer: 'signal-anomaly', input: { values: Array.from({ length: 64 }, (_, i) => i % 7) } };
    const headers = { 'Idempotency-Key': 'order-42' };
    const [first, second] = [await pureun.submit(body, headers), await pureun.submit(body, headers)];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([202, 202, 'true']);
    expect(second.body.id).toBe(first.body.id);
    const other = await pureun.submit({ ...body, priority: 'bulk' }, headers);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('streams a job to its end and answers the reconnect with 204', async () => {
    const { body } = await pureun.submit({ analyzer: 'signal-anomaly', input: { values: Array(300).fill(1) } });
    const events = await pureun.stream(body.id, { 'Last-Event-ID': '0' });
    const rows = events.filter((e) => e.event !== 'heartbeat');
    expect(rows.map((e) => e.id)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(rows.at(-1)).toMatchObject({ event: 'done', data: { status: 'succeeded' } });
    expect(await pureun.streamStatus(body.id, { 'Last-Event-ID': '7' })).toBe(204);
  });

  it('fails a broken picture with a clear error and goes on', async () => {
    const broken = sample('hanbit-weld-plate.png').subarray(0, 20_000);
    const job = await hanbit.submitFile('surface-inspection', 'image', 'half.png', broken, { Prefer: 'wait=30' });
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: 'input_unreadable', stage: 'prepare', retryable: false },
    });
    expect(job.error!.message).toMatch(/\w{3,}/);
  });

  it('ends every job of a burst exactly once although engine, worker and api are killed in its middle', async () => {
    const label = await dasan.upload('label.png', sample('dasan-parcel-label.png'));
    const own = await Promise.all(
      [hanbit, pureun].map((api) => api.upload('label.png', sample('dasan-parcel-label.png'))),
    );
    const files = new Map([
      [dasan, label],
      [hanbit, own[0]!],
      [pureun, own[1]!],
    ]);
    const apis = [hanbit, dasan, pureun];
    const submitted = await Promise.all(
      Array.from({ length: 150 }, async (_, n) => {
        const api = apis[n % 3]!;
        const request = { analyzer: 'digit-reader', input: { image: { fileId: files.get(api)! } } };
        return { api, id: (await api.submit(request, { 'Idempotency-Key': `burst-${n}` })).body.id };
      }),
    );
    if (process.platform === 'linux') await killOneOfEach();
    const jobs = await Promise.all(submitted.map(async ({ api, id }) => ({ api, job: await api.ended(id) })));
    for (const { api, job } of jobs) {
      expect(job.status).toBe('succeeded');
      const timeline = await api.timeline(job.id);
      expect(timeline.map((t) => t.seq)).toEqual(timeline.map((_, i) => i + 1));
      expect(timeline.filter((t) => t.type === 'job.succeeded')).toHaveLength(1);
    }
  }, 180_000);

  async function killOneOfEach(): Promise<void> {
    for (const title of ['maru engine', 'maru worker', 'maru api']) {
      const victim = maru.process.pidOf(title)!;
      process.kill(victim, 'SIGKILL');
      await maru.process.until(`another ${title}`, () => {
        const pid = maru.process.pidOf(title);
        return pid !== undefined && pid !== victim;
      });
    }
  }

  it('shows schedulers and devices in the metrics', async () => {
    await pureun.submit({ analyzer: 'signal-anomaly', input: { values: Array(64).fill(1) } }); // the worker may be a new one
    const text = await until(
      async () => {
        const metrics = await (await fetch(`${maru.baseUrl}/metrics`)).text();
        return /^maru_scheduler_items_completed\{worker="[^"]+"\} [1-9]/m.test(metrics) && metrics;
      },
      { what: 'a heartbeat with completed items' },
    );
    expect(text).toMatch(/^maru_device_busy_ms\{worker="[^"]+",device="cpu:0"\} [0-9.]+$/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
  });

  it('keeps a tenant’s jobs from the others: a foreign id looks like an unknown one', async () => {
    const { body } = await pureun.submit({ analyzer: 'signal-anomaly', input: { values: Array(64).fill(1) } });
    const unknown = body.id.slice(0, -1) + (body.id.endsWith('0') ? '1' : '0');
    const plain = (b: JobBody): unknown => ({ ...b, requestId: null, traceId: null, instance: null });
    const [foreign, missing] = [await hanbit.get(body.id), await hanbit.get(unknown)];
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect(plain(foreign.body)).toEqual(plain(missing.body));
  });
});
