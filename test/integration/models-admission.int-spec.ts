import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { AdmissionRepository } from '../../src/model-registry/admission/admission.repository.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { tensorManifest } from '../support/model-uploads.js';

class Room {}

const CHECK = { name: 'load', passed: true, message: 'loaded', ms: 1 };
const SIGNATURE = { inputs: [], outputs: [], maxBatchSize: 8 };

describe('the queue of admissions', () => {
  let module: TestingModule;
  let repository: AdmissionRepository;

  const waiting = async (tenantId: string, name: string, version: string) => {
    await query(
      `insert into maru.model_versions (tenant_id, id, name, version, digest, runtime, manifest, files, bytes, max_batch, fingerprint)
       values ($1, $2, $3, $4, 'sha256:' || repeat('0', 64), 'onnx', $5, '[]', 1, 16, '')`,
      [tenantId, newUuid(), name, version, JSON.stringify(tensorManifest(name))],
    );
  };
  const statusOf = async (name: string) =>
    (await query<{ status: string }>('select status from maru.model_versions where name = $1', [name]))[0]?.status;

  beforeAll(async () => {
    module = await databaseModule({ module: Room, providers: [AdmissionRepository], exports: [AdmissionRepository] });
    repository = module.get(AdmissionRepository, { strict: false });
  });
  afterAll(() => module.close());
  beforeEach(() => query('delete from maru.model_versions'));

  it('lets tenants take turns, however many models one has waiting', async () => {
    const [many, few] = [newUuid(), newUuid()];
    for (const version of ['1', '2', '3', '4']) await waiting(many, 'of-many', version);
    await waiting(few, 'of-few', '1');
    const order: string[] = [];
    for (let claim = await repository.claim(60_000); claim; claim = await repository.claim(60_000)) {
      order.push(`${claim.model.name} ${claim.model.version}`);
      await repository.finish(claim, { status: 'rejected' });
    }
    expect(order).toEqual(['of-many 1', 'of-few 1', 'of-many 2', 'of-many 3', 'of-many 4']);
  });

  it('gives each model to one worker', async () => {
    const tenant = newUuid();
    for (let i = 0; i < 10; i++) await waiting(tenant, `each-${i}`, '1');
    const claims = await Promise.all(Array.from({ length: 14 }, () => repository.claim(60_000)));
    const ids = claims.flatMap((claim) => (claim ? [claim.model.id] : []));
    expect([ids.length, new Set(ids).size]).toEqual([10, 10]);
  });

  it('lets a worker that lost its claim write nothing', async () => {
    const tenant = newUuid();
    await waiting(tenant, 'fenced', '1');
    const dead = await repository.claim(0);
    const living = await repository.claim(60_000);
    if (!dead || !living) throw new Error('there was nothing to claim');
    expect([living.model.id, living.attempt]).toEqual([dead.model.id, 2]);
    expect(await repository.extend(dead, 60_000)).toBe(false);
    expect(await repository.append(dead, CHECK)).toBe(false);
    expect(await repository.finish(dead, { status: 'rejected' })).toBe(false);
    await repository.release(dead);
    expect(await repository.append(living, CHECK)).toBe(true);
    expect(await repository.finish(living, { status: 'ready', signature: SIGNATURE, profile: {} })).toBe(true);
    expect(await statusOf('fenced')).toBe('ready');
    const aliases = await query('select slug, alias from maru.model_aliases where tenant_id = $1', [tenant]);
    expect(aliases).toEqual([{ slug: 'fenced', alias: 'stable' }]);
    const analyzers = await query('select slug, enabled from maru.analyzers where tenant_id = $1', [tenant]);
    expect(analyzers).toEqual([{ slug: 'fenced', enabled: true }]);
  });

  it('counts a release as no attempt', async () => {
    await waiting(newUuid(), 'released', '1');
    const first = await repository.claim(60_000);
    if (!first) throw new Error('there was nothing to claim');
    await repository.release(first);
    expect((await repository.claim(60_000))?.attempt).toBe(1);
  });
});
