import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../test/support/fake-runtime.js';
import { memoryOf, modelsFromStart } from './model-memory.js';

const MIB = 2 ** 20;
const [a, b, c] = ['a', 'b', 'c'].map((name, i) => ({ ...fakeModel(name, i + 1), peakBytes: 100 * MIB }));

describe('memoryOf', () => {
  it('takes what was measured, else an estimate from the file', () => {
    expect(memoryOf({ ...fakeModel('a'), sizeBytes: 10 * MIB })).toBe(77 * MIB);
    expect(memoryOf({ ...fakeModel('a'), sizeBytes: 10 * MIB, peakBytes: 40 * MIB })).toBe(40 * MIB);
  });
});

describe('modelsFromStart', () => {
  const from = (budget: number | null, stays: unknown = null) =>
    modelsFromStart([a!, b!, c!], budget, (model) => model === stays).map(({ name }) => name);

  it('takes all when they fit, or when there is no budget', () => {
    expect(from(null)).toEqual(['a', 'b', 'c']);
    expect(from(300 * MIB)).toEqual(['a', 'b', 'c']);
  });

  it('takes what must stay first, and never more than the budget', () => {
    expect(from(250 * MIB)).toEqual(['a', 'b']);
    expect(from(100 * MIB, c)).toEqual(['c']);
    expect(from(99 * MIB)).toEqual([]);
  });
});
