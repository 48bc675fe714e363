import { describe, expect, it } from 'vitest';
import type { RerunPin } from '../rerun.js';
import { repeatKey } from './repeat-key.js';
import { verdictOf } from './verdict.js';

const pin: RerunPin = {
  model: { id: 'mdl_1', name: 'digit-net', version: '1', digest: 'sha256:m' },
  resultDigest: 'sha256:a',
  deviceType: 'CPU',
  batchSize: 8,
};

describe('the verdict of a rerun', () => {
  it('compares results, and names what was different though they may match', () => {
    expect(verdictOf(pin, 'sha256:a', [[{ deviceType: 'CPU', batchSize: 8 }]])).toEqual({
      match: true,
      expectedDigest: 'sha256:a',
      actualDigest: 'sha256:a',
      differs: [],
    });
    expect(verdictOf(pin, 'sha256:a', [[{ deviceType: 'CPU', batchSize: 1 }]])).toMatchObject({
      match: true,
      differs: ['batchSize'],
    });
    expect(verdictOf(pin, 'sha256:b', [[{ deviceType: 'H200', batchSize: 3 }]])).toMatchObject({
      match: false,
      expectedDigest: 'sha256:a',
      actualDigest: 'sha256:b',
      differs: ['deviceType', 'batchSize'],
    });
  });
});

describe('the verdict of a rerun of a chain', () => {
  const { model, deviceType } = pin;
  const chain = { ...pin, steps: [1, 5].map((batchSize) => ({ model, deviceType, batchSize })) };
  const run = (batchSize: number) => ({ deviceType, batchSize });

  it('compares step by step, and takes the largest inference batch of each', () => {
    expect(verdictOf(chain, 'sha256:a', [[run(1)], [run(5), run(2)]])).toMatchObject({ match: true, differs: [] });
    expect(verdictOf(chain, 'sha256:a', [[run(2)], [run(5)]])).toMatchObject({ match: true, differs: ['batchSize'] });
    expect(verdictOf(chain, 'sha256:a', [[run(1)], [run(5), { ...run(1), deviceType: 'H200' }]])).toMatchObject({
      differs: [],
    });
  });

  it('notes a step that ran nothing this time', () => {
    expect(verdictOf(chain, 'sha256:b', [[run(1)], []])).toMatchObject({
      match: false,
      differs: ['deviceType', 'batchSize'],
    });
  });
});

describe('the idempotency of a repetition', () => {
  it('belongs to its route, and tells the jobs apart', () => {
    expect(repeatKey('retry', 'job', null)).toBeNull();
    const [retry, rerun, other] = [
      repeatKey('retry', 'job', 'k'),
      repeatKey('rerun', 'job', 'k'),
      repeatKey('retry', 'other', 'k'),
    ];
    expect(retry!.key).not.toBe(rerun!.key);
    expect(retry!.key).toBe(other!.key);
    expect(retry!.fingerprint).not.toBe(other!.fingerprint);
  });
});
