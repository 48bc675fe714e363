import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobHistoryRepository } from '../../src/admin/job-history.repository.js';
import { decisionsOfJob } from '../../src/admin/to-decision-dto.js';
import { newUuid, publicId } from '../../src/common/ids.js';
import { PlatformPool } from '../../src/database/role-pool.js';
import type { Receipt } from '../../src/gpu-scheduler/work-item.js';
import { JobStageRecorder } from '../../src/jobs/stages/job-stage-recorder.js';
import { query } from '../support/job-fixtures.js';
import { jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker } from '../support/job-worker.js';

const RECEIPT: Receipt = {
  inferenceBatchId: 'ib_01m8323e5rf42rbk4qyzd4e5r5',
  batchSize: 8,
  slot: 3,
  size: 2,
  shapeBucket: '192x32',
  device: 'cuda:0',
  deviceType: 'H200',
  runtime: 'onnx',
  workerId: 'w1',
  model: { id: 'mdl_01m8323e5rf42rbk4qyzd4e5r5', name: 'digit-net', version: '1', digest: 'sha256:0' },
  lane: 'mdl_01m8323e5rf42rbk4qyzd4e5r5/192x32',
  enqueuedAt: Date.parse('2026-11-23T02:00:01.000Z'),
  dispatchedAt: Date.parse('2026-11-23T02:00:01.067Z'),
  startedAt: Date.parse('2026-11-23T02:00:01.067Z'),
  finishedAt: Date.parse('2026-11-23T02:00:01.100Z'),
  batchWaitMs: 67,
  loadMs: 0,
  computeMs: 30,
  predictedMs: 31.4,
  chargedDeviceMs: 7.5,
  dispatchReason: 'knee',
  waits: [
    { reason: 'device_busy', ms: 40 },
    { reason: 'tenant_share', ms: 27 },
  ],
};

describe('why a job waited', () => {
  let room: TestingModule;
  let worker: HandWorker;
  let histories: JobHistoryRepository;

  beforeAll(async () => {
    room = await jobRoom();
    worker = await HandWorker.start(room);
    histories = new JobHistoryRepository(room.get(PlatformPool, { strict: false }));
  });
  afterAll(() => room.close());

  it('is told to operators of any job, with each attempt that came so far, also after its end', async () => {
    const tenantId = newUuid();
    await query('insert into maru.tenants (id, slug, name) values ($1, $2, $2)', [tenantId, `t${tenantId.slice(-12)}`]);
    const [jobId] = (await insertQueuedJobs(tenantId, 1)) as [string];
    const recorder = room.get(JobStageRecorder, { strict: false });
    for (const end of [false, true]) {
      const [journal] = await worker.claim(tenantId, 1);
      const { enqueuedAt, dispatchedAt, finishedAt } = RECEIPT;
      recorder.record([
        { itemId: journal!.itemId, stage: 'batch', enteredAt: enqueuedAt, completedAt: dispatchedAt, receipt: null },
        { itemId: journal!.itemId, stage: 'infer', enteredAt: dispatchedAt, completedAt: finishedAt, receipt: RECEIPT },
      ]);
      await (end ? worker.end(journal!) : worker.requeue(journal!));
    }

    const decisions = decisionsOfJob(publicId('job', jobId), await histories.segments(jobId));
    const { waits, batchWaitMs, slot } = RECEIPT;
    expect(decisions).toMatchObject(
      [1, 2].map((attempt) => ({
        at: '2026-11-23T02:00:01.067Z',
        lane: RECEIPT.lane,
        dispatchReason: 'knee',
        predictedMs: 31,
        job: { jobId: publicId('job', jobId), attempt, slot, rows: 2, batchWaitMs, waits },
      })),
    );
    expect(await histories.segments(newUuid())).toEqual([]);
  });
});
