import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api-process.js';
import { loadConfig } from '../../src/config/config.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { adminQuery } from '../support/admin-query.js';
import { databaseModule } from '../support/database-module.js';
import { WORKER_PROVIDERS } from '../support/job-worker.js';
import { ProbeRun, UNANSWERED } from '../support/probes/run.js';
import { Tally } from '../support/probes/tally.js';
import { measureUnknownIds } from '../support/probes/timing.js';
import { allowLosses } from '../support/probes/walls.js';
import { World } from '../support/probes/world.js';

/** `npm run probe:tenants` asks for many more. */
const PROBES = Number(process.env.PROBE_COUNT ?? 3_000);
const SEED = Number(process.env.PROBE_SEED ?? 20_261_123);
const REPORT = process.env.PROBE_REPORT;

let app: NestFastifyApplication;
let worker: TestingModule;
let world: World;

beforeAll(async () => {
  app = await createApi(loadConfig());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  class Worker {}
  const exports = WORKER_PROVIDERS;
  worker = await databaseModule({ module: Worker, imports: [JobStagesModule], providers: WORKER_PROVIDERS, exports });
  await allowLosses();
  world = await World.found(app, worker);
}, 240_000);
afterAll(async () => {
  await worker?.close();
  await app?.close();
});

describe('random probes between tenants', { timeout: 60_000 + PROBES * 60 }, () => {
  it('have something to find in every table of every tenant', async () => {
    expect(await world.emptyTables()).toEqual([]);
  });

  it(`find nothing of another tenant, ${PROBES} times (seed ${SEED})`, async () => {
    const tally = new Tally();
    const began = performance.now();
    await new ProbeRun(world, tally, SEED).run(PROBES);
    const seconds = (performance.now() - began) / 1_000;
    if (REPORT) {
      await measureUnknownIds(world, 200, tally);
      process.stdout.write(`\n${tally.table(seconds)}`);
      tally.write(REPORT, { seed: SEED, seconds });
    }
    expect(tally.findings).toEqual([]);
    expect(tally.probes).toBeGreaterThanOrEqual(PROBES);
    expect(tally.countOf(UNANSWERED)).toBeLessThan(PROBES / 50);
  });

  it('notice a hole in the wall', async () => {
    const url = process.env.DATABASE_URL as string;
    await adminQuery(url, 'create policy hole on maru.files for select to maru_app using (true)');
    const tally = new Tally();
    await new ProbeRun(world, tally, SEED).policiesAlone(600);
    await adminQuery(url, 'drop policy hole on maru.files');
    expect(tally.findings.join('\n')).toMatch(/files\.find got something past row-level security/);
    expect(tally.findings.join('\n')).toMatch(/reads without a filter: files tells/);
    const others = tally.findings.filter((finding) => !/files|audit_events/.test(finding));
    expect(others).toEqual([]);
  });
});
