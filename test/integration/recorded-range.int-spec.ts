import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecordedRange } from '../../bench/scheduler/whatif/recorded-range.js';
import { newUuid } from '../../src/common/ids.js';
import { JobRecorder } from '../../src/jobs/recording/job-recorder.js';
import { jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker, SUCCESS } from '../support/job-worker.js';

const EXECUTION = {
  inferenceBatchId: 'ib_01m8323e5rf42rbk4qyzd4e5r5',
  batchSize: 2,
  slot: 0,
  size: 3,
  shapeBucket: '192x32',
  batchWaitMs: 3,
  device: 'cuda:0',
  deviceType: 'cuda',
  runtime: 'onnx',
  workerId: 'w1',
  model: { id: 'mdl_01m8323e5rf42rbk4qyzd4e5r5', name: 'digit-net', version: '1', digest: 'sha256:0' },
};

describe('the record of the platform as a trace', () => {
  let room: TestingModule;
  let worker: HandWorker;

  beforeAll(async () => {
    room = await jobRoom();
    worker = await HandWorker.start(room);
  });
  afterAll(() => room.close());

  const read = (from: number, to: number) =>
    readRecordedRange({ from: new Date(from), to: new Date(to), database: process.env.DATABASE_URL! });

  it('has the jobs of all tenants with the receipts of those that ran, and nothing outside the range', async () => {
    const began = Date.now();
    await expect(read(began - 1000, began + 60_000)).rejects.toThrow('No job of this range ran on a device');
    const [busy, waiting] = [newUuid(), newUuid()];
    await insertQueuedJobs(busy, 2);
    await insertQueuedJobs(waiting, 1);
    for (const journal of await worker.claim(busy, 2)) {
      const at = new Date().toISOString();
      journal.append({
        type: 'stage.completed',
        at,
        stage: 'infer',
        enteredAt: at,
        durationMs: 3,
        execution: EXECUTION,
      });
      room.get(JobRecorder, { strict: false }).touch(journal);
      await worker.end(journal, { ...SUCCESS, deviceUs: 1500 });
    }

    const { devices, items } = await read(began - 1000, Date.now() + 60_000);
    expect(devices).toEqual([{ id: 'cuda:0', class: 'cuda' }]);
    expect(items.map(({ tenant, cost, batch }) => ({ tenant, cost, batch }))).toEqual([
      { tenant: busy, cost: 1.5, batch: EXECUTION.inferenceBatchId },
      { tenant: busy, cost: 1.5, batch: EXECUTION.inferenceBatchId },
      { tenant: waiting, cost: 0, batch: null },
    ]);
    expect(items[0]!.finished).toBeGreaterThanOrEqual(items[0]!.at);
    expect(items[0]).toMatchObject({ size: 3, bucket: '192x32' });
    expect(items[2]).toMatchObject({ finished: Infinity, model: EXECUTION.model.id, band: 'standard', weight: 1 });
    expect(items[2]).toMatchObject({ size: 3, bucket: '192x32' });
    await expect(read(began - 10_000, began - 5000)).rejects.toThrow('No job of this range');
  });
});
