import { describe, expect, it } from 'vitest';
import type { StageTransition } from '../../gpu-scheduler/stage-recorder.js';
import type { Receipt } from '../../gpu-scheduler/work-item.js';
import type { Claim } from '../recording/claim.js';
import type { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { JobStageRecorder } from './job-stage-recorder.js';

const claim = (jobId: string) =>
  ({ tenantId: 't', jobId, band: 1, attempt: 1, seq: 2, claimedAt: new Date(0) }) as Claim;
const receipt = (slot: number, batchWaitMs: number): Receipt =>
  ({ inferenceBatchId: 'ib_1', batchSize: 4, slot, size: 1, batchWaitMs, waits: [{ reason: 'device_busy', ms: batchWaitMs }] }) as unknown as Receipt; // prettier-ignore
const infer = (itemId: string, slot: number, enteredAt: number): StageTransition => ({
  itemId,
  stage: 'infer',
  enteredAt,
  completedAt: 1_000,
  receipt: receipt(slot, 1_000 - enteredAt),
});

describe('JobStageRecorder', () => {
  const journals = new Journals();
  const recorder = new JobStageRecorder(journals, { touch: () => undefined } as unknown as JobRecorder);
  const [chain, single] = [journals.open(claim('a')), journals.open(claim('b'))];
  chain.step = { number: 2, of: 2 };

  it('makes one transition of the rows that a job has in an inference batch', () => {
    recorder.record([infer('a/1/2.1', 3, 990), infer('b/1', 0, 980), infer('a/1/2.0', 1, 960), infer('c/1', 2, 900)]);
    expect(chain.unwritten.slice(1)).toMatchObject([
      {
        type: 'stage.completed',
        stage: 'infer',
        durationMs: 40,
        step: { number: 2, of: 2, items: 2 },
        execution: { inferenceBatchId: 'ib_1', slot: 1, size: 2, batchWaitMs: 40, waits: [{ ms: 40 }] },
      },
    ]);
    expect(single.unwritten.slice(1)).toMatchObject([
      { stage: 'infer', durationMs: 20, execution: { slot: 0, size: 1 } },
    ]);
    expect(single.unwritten[1]).not.toHaveProperty('step');
  });
});
