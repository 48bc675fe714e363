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
    expect(verdictOf(pin, 'sha256:a', { deviceType: 'CPU', batchSize: 8 })).toEqual({
      match: true,
      expectedDigest: 'sha256:a',
      actualDigest: 'sha256:a',
      differs: [],
    });
    expect(verdictOf(pin, 'sha256:a', { deviceType: 'CPU', batchSize: 1 })).toMatchObject({
      match: true,
      differs: ['batchSize'],
    });
    expect(verdictOf(pin, 'sha256:b', { deviceType: 'H200', batchSize: 3 })).toMatchObject({
      match: false,
      expectedDigest: 'sha256:a',
      actualDigest: 'sha256:b',
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
