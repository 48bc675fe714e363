import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/common/clock.js';
import { newUuid } from '../../src/common/ids.js';
import { WorkerPool } from '../../src/database/role-pool.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { OutlooksRepository } from '../../src/jobs/duties/outlooks.repository.js';
import { JobReader } from '../../src/jobs/reading/job-reader.js';
import { JobViews } from '../../src/jobs/reading/job-views.js';
import { QueueOutlooks } from '../../src/jobs/reading/queue-outlooks.js';
import type { JobOutlook, TenantOutlook } from '../../src/jobs/tenant-outlook.js';
import { query } from '../support/job-fixtures.js';
import { contextOf, jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker } from '../support/job-worker.js';

const TAIL: JobOutlook = { reason: 'tenant_share', ahead: 3, start: [1000, 2000], run: [50, 60], fill: null };
const said = (jobs: TenantOutlook['jobs'] = {}): TenantOutlook => ({ tail: TAIL, perJob: [10, 20], jobs });

describe('why a job waits', () => {
  let room: TestingModule;
  let worker: HandWorker;
  let outlooks: OutlooksRepository;

  beforeAll(async () => {
    room = await jobRoom();
    worker = await HandWorker.start(room);
    outlooks = new OutlooksRepository(room.get(WorkerPool, { strict: false }));
  });
  afterAll(() => room.close());

  async function queueOf(tenantId: string, jobId: string) {
    const context = contextOf(tenantId);
    const job = await room.get(JobReader, { strict: false }).get(context, jobId);
    return (await room.get(JobViews, { strict: false }).job(context, job)).queue;
  }

  it('is told to its tenant as the worker said it', async () => {
    const [tenant, other] = [newUuid(), newUuid()];
    const [held, queued] = (await insertQueuedJobs(tenant, 2)) as [string, string];
    const [foreign] = (await insertQueuedJobs(other, 1)) as [string];
    const [journal] = await worker.claim(tenant, 1);
    worker.stage(journal!, 'prepare');
    await worker.written();
    const jobs = { [held]: { ...TAIL, reason: 'no_capacity', ahead: 0 } as const };
    await outlooks.replace(worker.id, [{ tenantId: tenant, outlook: said(jobs) }]);

    const inWorker = await queueOf(tenant, held);
    expect(inWorker).toMatchObject({ reason: 'no_capacity', position: 1, tenantPosition: null, etaModel: 'fairfit-1' });
    const startMs = (range: { p50: string | null } | null | undefined) => Date.parse(range?.p50 ?? '');
    expect(startMs(inWorker?.estimatedFinishAt) - startMs(inWorker?.estimatedStartAt)).toBe(50);
    const inTable = await queueOf(tenant, queued);
    expect(inTable).toMatchObject({ reason: 'tenant_share', position: null, tenantPosition: 1 });
    expect(startMs(inTable?.estimatedStartAt) - startMs(inWorker?.estimatedStartAt)).toBe(10);
    expect(await queueOf(other, foreign)).toMatchObject({ reason: null, estimatedStartAt: null });
  });

  it('is forgotten when the worker says so, or nothing any more', async () => {
    const [tenant, silent] = [newUuid(), newUuid()];
    const fresh = () => new QueueOutlooks(room.get(TenantDb, { strict: false }), new SystemClock());
    await outlooks.replace(
      worker.id,
      [tenant, silent].map((tenantId) => ({ tenantId, outlook: said() })),
    );
    expect(await fresh().of(tenant)).toHaveLength(1);
    await query(`update maru.queue_outlooks set at = at - interval '11 s' where tenant_id = $1`, [silent]);
    expect(await fresh().of(silent)).toEqual([]);
    await outlooks.replace(worker.id, []);
    expect(await fresh().of(tenant)).toEqual([]);
  });

  it('goes when its worker died without a word', async () => {
    const tenant = newUuid();
    await outlooks.replace(worker.id + 1000, [{ tenantId: tenant, outlook: said() }]);
    await query(`update maru.queue_outlooks set at = at - interval '2 min' where tenant_id = $1`, [tenant]);
    await outlooks.replace(worker.id, []);
    expect((await query('select from maru.queue_outlooks where tenant_id = $1', [tenant])).length).toBe(0);
  });
});
