import type { TestingModule } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { GpuSchedulerService } from '../../src/gpu-scheduler/gpu-scheduler.service.js';
import { adminQuery } from '../support/admin-query.js';
import { CPU, FakeRuntime, fakeModel } from '../support/fake-runtime.js';
import { query } from '../support/job-fixtures.js';
import { ProbeAnalyzer } from '../support/probe-analyzer.js';
import { probeWorker } from '../support/probe-apps.js';
import { until } from '../support/signals.js';

const MODEL = fakeModel('model-a');
const LIMIT_MS = 60_000;
const LIMIT = { timeoutMs: LIMIT_MS };

/** A worker whose runs end when the test says so. */
interface Worker {
  readonly module: TestingModule;
  readonly runtime: FakeRuntime;
  readonly scheduler: GpuSchedulerService;
}

describe('two workers of one queue', () => {
  let workers: Worker[] = [];
  const owners = new Map<string, string>();

  afterEach(async () => {
    for (const { runtime } of workers) {
      runtime.isAutomatic = true;
      for (const run of [...runtime.held]) run.answer();
    }
    await query('delete from maru.job_queue where state = 0');
    await Promise.all(workers.map(({ module }) => module.close()));
    await query('delete from maru.job_queue'); // what they gave back, or the next test has a third tenant
    workers = [];
  });

  async function start(): Promise<void> {
    workers = await Promise.all(
      [0, 1].map(async () => {
        const runtime = new FakeRuntime([CPU]);
        const module = await probeWorker([new ProbeAnalyzer(MODEL.name)], [MODEL], () => runtime);
        return { module, runtime, scheduler: module.get(GpuSchedulerService, { strict: false }) };
      }),
    );
  }

  /** Queued jobs, as the submit statement would insert them. */
  async function submit(tenantId: string, count: number, deadline = 'null'): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newUuid());
    for (const id of ids) owners.set(id, tenantId);
    const list = ids.map((id) => `'${id}'`).join(',');
    await adminQuery(
      process.env.DATABASE_URL!,
      `insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, input_digest, input)
       select '${tenantId}', id, gen_random_uuid(), 'probe', '1.0.0', 1, 3, 'sha256:0', '{"name":"x","values":[1,2]}'
         from unnest(array[${list}]::uuid[]) id`,
      `insert into maru.job_queue (tenant_id, band, id, max_attempts, deadline)
       select '${tenantId}', 1, id, 3, ${deadline} from unnest(array[${list}]::uuid[]) id`,
    );
    return ids;
  }

  const queuedOf = ({ scheduler }: Worker, tenantId: string): number =>
    scheduler.stats().tenants.find((tenant) => tenant.tenantId === tenantId)?.queuedRows.standard ?? 0;
  const tenantsOf = (run: FakeRuntime['held'][number] | undefined): string[] =>
    (run?.batch.items ?? []).map(({ ref }) => owners.get(ref.slice(0, 36)) ?? 'nobody');

  /** Ends the run of a worker after what it was expected to take; gives the tenants of the items of its next one. */
  async function nextBatch({ runtime }: Worker): Promise<string[]> {
    await until(() => runtime.held.length > 0, LIMIT);
    const before = runtime.batches.length;
    const [run] = runtime.held;
    run?.answer(5 + run.batch.items.length);
    await until(() => runtime.batches.length > before, LIMIT);
    return tenantsOf(runtime.held[0]);
  }

  it.each([
    { kind: 'dated', deadline: `now() + interval '50 s'`, batches: 2, least: 2 * MODEL.maxBatchSize },
    // Half of the time, less the two batches by which fairness may lag.
    { kind: 'undated', deadline: 'null', batches: 6, least: (6 / 2 - 2) * MODEL.maxBatchSize },
  ])(
    "serves a tenant's $kind jobs next on both, though another one flooded them long before",
    { timeout: LIMIT_MS },
    async ({ deadline, batches, least }) => {
      const [flood, victim] = [newUuid(), newUuid()];
      await submit(flood, 1_000);
      await start();
      for (const worker of workers) await until(() => queuedOf(worker, flood) > MODEL.maxBatchSize, LIMIT);
      for (const worker of workers) for (let i = 0; i < 3; i++) await nextBatch(worker);

      await submit(victim, 25 * MODEL.maxBatchSize, deadline);
      // Nobody ends a run meanwhile: the claims come though the flood does not move on.
      for (const worker of workers) await until(() => queuedOf(worker, victim) >= 3 * MODEL.maxBatchSize, LIMIT);
      for (const worker of workers) {
        const served: string[] = [];
        for (let i = 0; i < batches; i++) served.push(...(await nextBatch(worker)));
        expect(served.filter((tenant) => tenant === victim).length).toBeGreaterThanOrEqual(least);
      }
    },
  );

  it('shares both workers by weight while two tenants have work', { timeout: LIMIT_MS }, async () => {
    const [one, other] = [newUuid(), newUuid()];
    await submit(one, 600);
    await submit(other, 600);
    await start();
    // Runs take no time here, claims do: a worker that has nothing of a tenant has nothing to share.
    const hasBoth = (worker: Worker) => [one, other].every((tenant) => queuedOf(worker, tenant) > MODEL.maxBatchSize);
    const served = new Map([
      [one, 0],
      [other, 0],
    ]);
    for (let i = 0; i < 20; i++) {
      for (const worker of workers) {
        await until(() => hasBoth(worker), LIMIT);
        for (const tenant of await nextBatch(worker)) served.set(tenant, (served.get(tenant) ?? 0) + 1);
      }
    }
    const total = [...served.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(200);
    // One batch of each worker may be ahead.
    expect(Math.abs((served.get(one) ?? 0) - total / 2)).toBeLessThanOrEqual(2 * MODEL.maxBatchSize);
  });
});
