import { expect, it } from 'vitest';
import { toTransitionDto } from './to-transition-dto.js';

it('shows the receipt without what is only for the record', () => {
  const execution = {
    inferenceBatchId: 'ib_01m8323d6gf9er06eqpc9kvzxj',
    batchSize: 8,
    slot: 5,
    batchWaitMs: 67,
    device: 'gpu-0',
    deviceType: 'H200',
    runtime: 'onnx',
    workerId: 'w3',
    model: { id: 'mdl_01m8323e5rf42rbk4qyzd4e5r5', name: 'defect-net', version: '1.4.2', digest: 'sha256:9f' },
  };
  const transition = {
    seq: 5,
    attempt: 1,
    status: 'running',
    type: 'stage.completed',
    at: '2026-11-23T02:00:01.530Z',
  } as const;
  const recorded = {
    ...execution,
    size: 2,
    shapeBucket: '192x32',
    dispatchReason: 'full',
    predictedMs: 4,
    waits: [],
  } as const;
  expect(toTransitionDto('job_01m8323e5rfbnv28231hc5mh2z', { ...transition, execution: recorded }).execution).toEqual(
    execution,
  );
  expect(toTransitionDto('job_01m8323e5rfbnv28231hc5mh2z', transition).execution).toBeNull();
});
