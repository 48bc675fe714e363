import { expect, it } from 'vitest';
import type { Job, JobModel } from '../job.js';
import type { Execution, Transition } from '../transition.js';
import { pinOf } from './pin-of.js';

const modelOf = (name: string): JobModel => ({ id: `mdl_${name}`, name, version: '1', digest: `sha256:${name}` });
const infer = (name: string, batchSize: number, number: number | null, attempt = 1) =>
  ({
    type: 'stage.completed',
    stage: 'infer',
    attempt,
    execution: { model: modelOf(name), batchSize, deviceType: 'CPU' } as Execution,
    ...(number ? { step: { number, of: 2, items: 1 } } : {}),
  }) as Transition;
const jobOf = (attempt: number, ...transitions: Transition[]) =>
  ({ rows: { id: 'job', end: { model: modelOf('b') } }, attempt, transitions }) as unknown as Job;

it('holds a rerun to the one model, as ever', () => {
  expect(pinOf(jobOf(1, infer('b', 8, null)), 'sha256:r')).toEqual({
    model: modelOf('b'),
    resultDigest: 'sha256:r',
    deviceType: 'CPU',
    batchSize: 8,
  });
});

it('holds a rerun of a chain to every model of the attempt that succeeded', () => {
  const job = jobOf(2, infer('old', 9, 1), infer('a', 1, 1, 2), infer('b', 5, 2, 2), infer('b', 7, 2, 2));
  expect(pinOf(job, 'sha256:r').steps).toEqual([
    { model: modelOf('a'), deviceType: 'CPU', batchSize: 1 },
    { model: modelOf('b'), deviceType: 'CPU', batchSize: 7 },
  ]);
});
