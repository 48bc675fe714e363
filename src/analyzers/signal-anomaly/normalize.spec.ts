import { describe, expect, it } from 'vitest';
import { bucketFor, normalizeSignal, padMirrored } from './normalize.js';

describe('normalizeSignal', () => {
  it('subtracts the median and divides by the interquartile range', () => {
    expect([...normalizeSignal([1, 2, 3, 4, 5])]).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it('clips to eight ranges', () => {
    const values = [...normalizeSignal([0, 1, 2, 3, 4, 1e6])];
    expect(values.at(-1)).toBe(8);
    expect(Math.min(...values)).toBeGreaterThan(-2);
  });

  it('gives the same for any gain and offset', () => {
    const base = Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const moved = normalizeSignal(base.map((v) => v * 1e-13 + 1e-12));
    normalizeSignal(base).forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 2));
  });

  it('turns a constant series into zeros and survives a flat middle half', () => {
    expect([...normalizeSignal([7, 7, 7, 7])]).toEqual([0, 0, 0, 0]);
    const flat = normalizeSignal([...new Array<number>(63).fill(2), 10]);
    expect(flat[0]).toBe(0);
    expect(flat[63]).toBe(8);
  });

  it('stays finite for the largest numbers', () => {
    const values = normalizeSignal([-Number.MAX_VALUE, 0, 1, 2, Number.MAX_VALUE]);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('does not change its input', () => {
    const input = new Float64Array([3, 1, 2]);
    normalizeSignal(input);
    expect([...input]).toEqual([3, 1, 2]);
  });
});

describe('bucketFor', () => {
  it.each([
    [64, 256],
    [256, 256],
    [257, 1024],
    [4096, 4096],
    [4097, undefined],
  ])('%i samples go to %s', (length, bucket) => {
    expect(bucketFor(length)).toBe(bucket);
  });
});

describe('padMirrored', () => {
  it('continues with the mirror image, again and again', () => {
    expect([...padMirrored(Float32Array.of(1, 2, 3), 9)]).toEqual([1, 2, 3, 2, 1, 2, 3, 2, 1]);
  });

  it('leaves a full series alone', () => {
    expect([...padMirrored(Float32Array.of(1, 2), 2)]).toEqual([1, 2]);
  });
});
