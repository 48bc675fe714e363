import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api-process.js';
import { loadConfig } from '../../src/config/config.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { openApiDocument } from '../../src/openapi.js';
import { newCast } from '../support/authorization/cast.js';
import { PRINCIPALS, SCOPES } from '../support/authorization/contract.js';
import { SITUATIONS } from '../support/authorization/expectation.js';
import { type Cast, type Cell, cellsOf, Matrix } from '../support/authorization/matrix.js';
import { type Operation, operationsOf } from '../support/authorization/operations.js';
import { deadSamples, type Sample, sampleOf } from '../support/authorization/samples.js';
import { rowsOfTenant } from '../support/authorization/tenant-rows.js';
import { databaseModule } from '../support/database-module.js';
import { WORKER_PROVIDERS } from '../support/job-worker.js';

/**
 * Who gets in where: every operation of the document, every kind of caller, and what it names: the caller's own, another
 * tenant's, what does not exist. What must come back follows from the declared permission alone. A new operation is part
 * of this by itself; where the document does not tell how to call it, samples.ts has to.
 */
let app: NestFastifyApplication;
let worker: TestingModule;
let cast: Cast;
let operations: Operation[];
const samples = new Map<Operation, Sample>();
const made = { requests: 0, findings: 0 };

beforeAll(async () => {
  app = await createApi(loadConfig());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  class Worker {}
  worker = await databaseModule({
    module: Worker,
    imports: [JobStagesModule],
    providers: WORKER_PROVIDERS,
    exports: WORKER_PROVIDERS,
  });
  cast = await newCast(app, worker);
  operations = operationsOf(openApiDocument(app));
}, 240_000);
afterAll(async () => {
  await worker?.close();
  await app?.close();
});

async function findingsOf(cells: readonly Cell[], inParallel: number): Promise<string[]> {
  const matrix = new Matrix(cast);
  const findings: string[] = [];
  const left = [...cells].reverse();
  const flow = async () => {
    for (let cell = left.pop(); cell; cell = left.pop()) {
      findings.push(...(await matrix.faultsOf(cell)));
      made.requests++;
    }
  };
  await Promise.all(Array.from({ length: inParallel }, flow));
  made.findings += findings.length;
  return findings.sort();
}

describe('the authorization matrix', { timeout: 300_000 }, () => {
  it('knows how to call every operation, and its permission', () => {
    const faults = operations.flatMap((operation) => {
      const sample = sampleOf(operation);
      if (typeof sample === 'string') return [sample];
      samples.set(operation, sample);
      const isKnown = operation.scope === 'public' || operation.scope === 'any' || SCOPES.has(operation.scope);
      return isKnown ? [] : [`${operation.id}: contract.ts does not say who holds ${operation.scope}`];
    });
    expect([...faults, ...deadSamples(operations).map((id) => `${id}: there is no such operation`)]).toEqual([]);
    expect(samples.size).toBe(operations.length);
  });

  it('refuses whoever may not, tells a foreign id like an unknown one, and changes nothing by it', async () => {
    const companies = [cast.ours, cast.other, cast.suspended];
    const rows = () => Promise.all(companies.map(({ tenantId }) => rowsOfTenant(tenantId)));
    const before = await rows();
    expect(
      await findingsOf(
        cellsOf(samples).filter((cell) => !cell.isAllowed),
        8,
      ),
    ).toEqual([]);
    expect(await rows()).toEqual(before);
  });

  it('lets in whoever may, and nothing of another tenant changes by it', async () => {
    const rows = () => Promise.all([cast.other, cast.suspended].map(({ tenantId }) => rowsOfTenant(tenantId)));
    const before = await rows();
    expect(
      await findingsOf(
        cellsOf(samples).filter((cell) => cell.isAllowed),
        1,
      ),
    ).toEqual([]);
    expect(await rows()).toEqual(before);
  });

  it('notices a tenant that sees another one’s things', async () => {
    const confused = new Matrix({ ...cast, other: cast.ours });
    const cells = cellsOf(samples).filter(({ operation, principal, situation }) => {
      return ['getFile', 'getJob'].includes(operation.id) && principal === 'viewer' && situation === 'foreign';
    });
    const findings = (await Promise.all(cells.map((cell) => confused.faultsOf(cell)))).flat();
    const both = ['answered 200 instead of 404', `tells of another tenant (${cast.ours.slug})`];
    const wanted = ['getFile', 'getJob'].flatMap((id) => both.map((what) => `${id} as viewer, foreign: ${what}`));
    expect(findings).toEqual(wanted.map((text) => expect.stringContaining(text)));
  });

  it('covers everything', () => {
    const cells = cellsOf(samples);
    expect(new Set(cells.map((cell) => cell.operation.id)).size).toBe(operations.length);
    expect(made.requests).toBe(cells.length);
    const sizes = `${operations.length} operations x ${PRINCIPALS.length} principals x ${SITUATIONS.length} situations`;
    const parts = SITUATIONS.map((name) => `${name} ${cells.filter((cell) => cell.situation === name).length}`);
    process.stdout.write(`${sizes} = ${made.requests} requests (${parts.join(', ')}), ${made.findings} findings\n`);
  });
});
