import { expect, it } from 'vitest';
import { stackOutputs } from './stack-outputs.js';

const item = (...values: number[]) => ({
  y: { type: 'float32' as const, dims: [1, 2], data: Float32Array.from(values) },
});

it('puts the rows one after the other', () => {
  expect(stackOutputs([item(1, 2), item(3, 4), item(5, 6)])).toEqual({
    y: { type: 'float32', dims: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  });
  const big = (value: bigint) => ({ n: { type: 'int64' as const, dims: [1], data: BigInt64Array.of(value) } });
  expect(stackOutputs([big(1n), big(2n)])['n']).toMatchObject({ dims: [2], data: BigInt64Array.of(1n, 2n) });
});

it('gives one item back as it is, and nothing for none', () => {
  const only = item(1, 2);
  expect(stackOutputs([only])).toBe(only);
  expect(stackOutputs([])).toEqual({});
});

it('refuses rows that do not fit together', () => {
  const other = { y: { type: 'float32' as const, dims: [1, 3], data: new Float32Array(3) } };
  expect(() => stackOutputs([item(1, 2), other])).toThrow(/different shapes/);
  expect(() => stackOutputs([item(1, 2), {}])).toThrow(/different shapes/);
});
