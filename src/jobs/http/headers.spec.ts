import { describe, expect, it } from 'vitest';
import { cancelAfterMs } from './cancel-after.js';
import { cursorOf } from './cursor.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { seqsOf, seqTag } from './seq-tag.js';
import { waitPreference, waitQuery } from './wait-preference.js';

const MALFORMED = expect.objectContaining({ code: 'malformed-request' });
const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('headers and queries of jobs', () => {
  it.each([
    [undefined, null],
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['Wait = "7" ; x=1', 7],
    ['wait=600', 60],
    ['wait=0', 0],
    ['wait=banana', null],
    ['wait=-1', null],
    ['return=minimal', null],
  ])('reads Prefer: %s as %s', (header, seconds) => expect(waitPreference(header)).toBe(seconds));

  it.each([
    ['5', 5],
    ['61', 60],
    ['', 0],
    [undefined, 0],
  ])('reads ?wait=%s as %s', (value, seconds) => expect(waitQuery(value)).toBe(seconds));

  it.each([['-1'], ['1.5'], ['banana'], [['1', '2']]])('refuses ?wait=%s', (value) =>
    expect(thrownBy(() => waitQuery(value))).toEqual(MALFORMED),
  );

  it.each([
    [undefined, null],
    ['90s', 90_000],
    ['1500ms', 1_500],
    ['5m', 300_000],
    ['2h', 7_200_000],
  ])('reads Cancel-After: %s as %s ms', (header, ms) => expect(cancelAfterMs(header)).toBe(ms));

  it.each([['90'], ['-1s'], ['0s'], ['1 s'], ['200h'], ['']])('refuses Cancel-After: %s', (header) =>
    expect(thrownBy(() => cancelAfterMs(header))).toEqual(MALFORMED),
  );

  it('takes a key with and without quotes as the same one', () => {
    expect(idempotencyKeyOf('"7f9c"')).toBe('7f9c');
    expect(idempotencyKeyOf('7f9c')).toBe('7f9c');
    expect(idempotencyKeyOf(undefined)).toBeNull();
    for (const bad of ['', '""', 'x'.repeat(256)]) expect(thrownBy(() => idempotencyKeyOf(bad))).toEqual(MALFORMED);
  });

  it('lets Last-Event-ID win over afterSeq', () => {
    expect(cursorOf('5', '2')).toBe(5);
    expect(cursorOf(undefined, '0')).toBe(0);
    expect(cursorOf('', undefined)).toBeNull();
    expect(thrownBy(() => cursorOf('x', undefined))).toEqual(MALFORMED);
    expect(thrownBy(() => cursorOf(undefined, '-1'))).toEqual(MALFORMED);
  });

  it('reads back its own tags', () => {
    expect(seqsOf(`${seqTag(3)}, "12"`)).toEqual([3, 12]);
    expect(seqsOf('*')).toEqual([]);
    expect(seqsOf(undefined)).toEqual([]);
  });
});
