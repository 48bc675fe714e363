import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalyzerDto } from '../../src/jobs/dto/analyzer.dto.js';
import type { QueueDto } from '../../src/jobs/dto/queue.dto.js';
import type { ValidationAnswerDto } from '../../src/jobs/dto/quote.dto.js';
import { Fleet } from '../../src/jobs/standing/fleet.js';
import { FleetRepository } from '../../src/jobs/standing/fleet.repository.js';
import { query } from '../support/job-fixtures.js';
import { JobsClient } from '../support/jobs-client.js';
import { storedTenant } from '../support/jobs-http.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeApi, probeWorker } from '../support/probe-apps.js';
import { smallModel } from '../support/small-models.js';
import { WatchedOnnx } from '../support/watched-onnx.js';

const quoteOf = async (client: JobsClient, more: object = {}) => {
  const body = { analyzer: 'probe', input: { name: 'quoted', values: [1, 2] }, ...more };
  const answer = await client.call<ValidationAnswerDto>('POST', '/v1/jobs?validateOnly=true', {}, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.quote;
};
const analyzerOf = async (client: JobsClient) => {
  const { body } = await client.call<{ data: AnalyzerDto[] }>('GET', '/v1/analyzers');
  const one = await client.call<AnalyzerDto>('GET', '/v1/analyzers/probe');
  expect(body.data).toEqual([one.body]);
  return one.body;
};
const queueOf = async (client: JobsClient) => (await client.call<QueueDto>('GET', '/v1/queue')).body;

describe('what clients are told of times and prices, after jobs on a real engine', { timeout: 90_000 }, () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-estimates-'));
  const model = smallModel('double', directory, 'first');
  const analyzers = [new ProbeAnalyzer('first')];
  let api: NestFastifyApplication;
  let worker: TestingModule;
  let [busy, calm, idle]: JobsClient[] = [];

  beforeAll(async () => {
    api = await probeApi(analyzers, [model]);
    const at = await api.getUrl();
    [busy, calm, idle] = await Promise.all([1, 2, 3].map(async () => new JobsClient(at, await storedTenant('probe'))));
    worker = await probeWorker(analyzers, [model], (arena) => new WatchedOnnx(arena));
    await run(busy!, 20);
    await Promise.all([run(busy!, 25), run(calm!, 19)]);
  }, 90_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function run(client: JobsClient, count: number): Promise<void> {
    const jobs = await Promise.all(
      Array.from({ length: count }, (_, i) => client.create(`j${i}`, { test: i % 2 > 0 })),
    );
    const ended = await Promise.all(jobs.map(({ id }) => client.ended(id)));
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  }

  it('tells the latency of the own jobs, and how good estimates were', async () => {
    const { latency, eta, price } = await analyzerOf(busy!);
    const [stored] = await query<{ p50: number; p90: number }>(
      `select round(percentile_disc(0.5) within group (order by ms))::int as p50, round(percentile_disc(0.9) within group (order by ms))::int as p90
         from (select extract(epoch from e.finished_at - j.created_at) * 1000 as ms
                 from maru.jobs j join maru.job_ends e using (tenant_id, id) where tenant_id = $1) t`,
      [busy!.tenantId],
    );
    expect(stored!.p50).toBeGreaterThan(0);
    expect(latency).toEqual({
      window: '7d',
      p50Ms: expect.closeTo(stored!.p50, -0.3),
      p90Ms: expect.closeTo(stored!.p90, -0.3),
    });
    // The first 20 jobs were submitted before any had ended; each of the other 25 has those before it.
    expect(eta).toMatchObject({ model: 'recent-1', window: '7d', samples: 25 });
    expect(eta!.coverageP50).toBeLessThanOrEqual(eta!.coverageP90);
    expect(eta!.medianAbsErrorMs).toBeGreaterThanOrEqual(0);
    expect(price).toEqual({ unit: 'signal', units: 1, amount: null });
  });

  it('tells nothing of too few, and never of those of another tenant', async () => {
    for (const client of [calm!, idle!]) {
      expect(await analyzerOf(client)).toMatchObject({ latency: null, eta: null });
      expect(await quoteOf(client)).toMatchObject({ estimatedStartAt: null, estimatedFinishAt: null, etaModel: null });
    }
  });

  it('quotes times from the latest jobs while none waits', async () => {
    const beforeMs = Date.now();
    const { latency } = await analyzerOf(busy!);
    const quote = await quoteOf(busy!);
    expect(quote).toMatchObject({ units: 1, amount: null, etaModel: 'recent-1' });
    const [start, finish] = [quote.estimatedStartAt!, quote.estimatedFinishAt!];
    const times = [start.p50, start.p90, finish.p50, finish.p90].map((at) => Date.parse(at!));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(beforeMs);
    expect(times[0]).toBeLessThanOrEqual(times[2]!);
    expect(times[1]).toBeLessThanOrEqual(times[3]!);
    // 45 jobs are fewer than the model looks back on: both speak of the same ones.
    expect(times[3]! - times[2]!).toBeCloseTo(latency!.p90Ms - latency!.p50Ms, -1);
  });

  it('tells the price of the plan, times the units', async () => {
    const client = new JobsClient(await api.getUrl(), await storedTenant('probe'));
    const plan = `p${client.tenantId.slice(-6)}`;
    await query('insert into maru.plans (name) values ($1)', [plan]);
    await query(
      `insert into maru.plan_limits (plan, name, quota) select $1, name, quota from maru.plan_limits where plan = 'standard'`,
      [plan],
    );
    await query('insert into maru.tenant_plans (tenant_id, plan) values ($1, $2)', [client.tenantId, plan]);
    await query(
      `insert into maru.plan_prices (plan, valid_from, unit_price, currency)
       values ($1, now() - interval '1 day', 12.5, 'KRW'), ($1, now() + interval '1 day', 99, 'KRW')`,
      [plan],
    );
    expect((await analyzerOf(client)).price.amount).toEqual({ value: '12.5', currency: 'KRW' });
    expect((await quoteOf(client)).amount).toEqual({ value: '12.5', currency: 'KRW' });
    expect(await quoteOf(client, { test: true })).toMatchObject({ units: 0, amount: { value: '0', currency: 'KRW' } });
    await run(client, 1);
    const [job] = (await client.call<{ data: { id: string }[] }>('GET', '/v1/jobs')).body.data;
    expect((await client.job(job!.id)).usage.amount).toEqual({ value: '12.5', currency: 'KRW' });
  });

  it('tells a tenant its waits, and those of all when three have some', async () => {
    const fleet = () => new Fleet(api.get(FleetRepository, { strict: false })).waits();
    await query('delete from maru.job_ends where tenant_id <> all ($1::uuid[])', [[busy!.tenantId, calm!.tenantId]]);
    expect(await fleet()).toBeNull();
    await run(idle!, 1);
    const all = await fleet();
    expect(all!.p50).toBeLessThanOrEqual(all!.p90);
    const standing = await queueOf(busy!);
    expect(standing).toEqual({
      object: 'queue',
      depth: 0,
      queued: 0,
      running: 0,
      limit: 100_000,
      share: { weight: 1, entitled: 1 },
      next: { reason: null, estimatedStartAt: null, etaModel: null },
      waitMs: {
        window: '1h',
        jobs: 45,
        p50: expect.any(Number),
        p90: expect.any(Number),
        fleetP50: all!.p50,
        fleetP90: all!.p90,
      },
    });
    const { latency } = await analyzerOf(busy!);
    expect(standing.waitMs.p90).toBeLessThanOrEqual(latency!.p90Ms);
    expect((await queueOf(idle!)).waitMs.jobs).toBe(1);
    expect(JSON.stringify(standing)).not.toContain(calm!.tenantId);
  });
});
