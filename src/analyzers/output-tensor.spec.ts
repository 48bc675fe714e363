import { describe, expect, it } from 'vitest';
import type { OutputMap } from '../inference/tensor.js';
import { InterpretError } from './analyzer.js';
import { probabilitiesOf } from './output-tensor.js';

const output = (data: Float32Array, dims: number[]): OutputMap => ({ y: { type: 'float32', dims, data } });

describe('probabilitiesOf', () => {
  it('gives the values of a well-formed output', () => {
    const data = Float32Array.of(0, 0.5, 1, 0.25);
    expect(probabilitiesOf(output(data, [1, 2, 2]), [2, 2])).toBe(data);
  });

  it.each<[string, OutputMap]>([
    ['no output', {}],
    ['another name', { z: { type: 'float32', dims: [1, 2], data: new Float32Array(2) } }],
    ['two rows', output(new Float32Array(4), [2, 2])],
    ['another shape', output(new Float32Array(3), [1, 3])],
    ['too few values', output(new Float32Array(1), [1, 2])],
    ['another type', { y: { type: 'int32', dims: [1, 2], data: new Int32Array(2) } }],
    ['NaN', output(Float32Array.of(0.5, Number.NaN), [1, 2])],
    ['infinity', output(Float32Array.of(0.5, Number.POSITIVE_INFINITY), [1, 2])],
    ['a negative value', output(Float32Array.of(-0.1, 0.5), [1, 2])],
  ])('throws for %s', (_, outputs) => {
    expect(() => probabilitiesOf(outputs, [2])).toThrow(InterpretError);
  });
});
