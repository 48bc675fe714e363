import { describe, expect, it } from 'vitest';
import { matchSignature } from './match-signature.js';
import type { DeclaredTensor, ModelFacts } from './model-facts.js';

const X: DeclaredTensor = { name: 'x', type: 'float32', shape: ['N', 2] };
const Y: DeclaredTensor = { name: 'y', type: 'float32', shape: [null, 3] };
const EXPECTED = {
  inputs: [{ name: 'x', type: 'float32', rowShape: [2] }],
  outputs: [{ name: 'y', type: 'float32', rowShape: [3] }],
} as const;

function facts(input: Partial<DeclaredTensor> = {}, ...more: DeclaredTensor[]): ModelFacts {
  return { nodes: 1, weights: 0, operators: [], inputs: [{ ...X, ...input }, ...more], outputs: [Y] };
}

describe('matchSignature', () => {
  it('names the batch axis and keeps the rest', () => {
    expect(matchSignature(facts(), EXPECTED, 32)).toEqual({
      inputs: [{ name: 'x', type: 'float32', shape: ['n', 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['n', 3] }],
      maxBatchSize: 32,
    });
  });

  it('serves a model of one row one row at a time', () => {
    expect(matchSignature(facts({ shape: [1, 2] }), EXPECTED, 32)).toMatchObject({ maxBatchSize: 1 });
  });

  it('counts elements where the shape does not matter', () => {
    const outputs = [{ name: 'y', type: 'float32', rowElements: 3 }] as const;
    expect(matchSignature(facts(), { ...EXPECTED, outputs }, 8).outputs[0]?.shape).toEqual(['n', 3]);
    const four = [{ name: 'y', type: 'float32', rowElements: 4 }] as const;
    expect(() => matchSignature(facts(), { ...EXPECTED, outputs: four }, 8)).toThrow(/4 values in a row/);
  });

  it('takes the description of a file that declares nothing', () => {
    const silent = { ...facts(), inputs: null, outputs: null };
    expect(matchSignature(silent, EXPECTED, 8).inputs).toEqual([{ name: 'x', type: 'float32', shape: ['n', 2] }]);
  });

  it.each<[string, ModelFacts, RegExp]>([
    ['another name', facts({ name: 'z' }), /has the inputs z, the manifest names x/],
    ['one input more', facts({}, { ...X, name: 'w' }), /inputs w, x/],
    ['another type', facts({ type: 'uint8' }), /is uint8 in the file and float32/],
    ['text', facts({ type: null }), /type that cannot be served/],
    ['no shape', facts({ shape: null }), /no batch axis/],
    ['a scalar', facts({ shape: [] }), /no batch axis/],
    ['a second free axis', facts({ shape: ['N', 'length'] }), /second free axis \(length\)/],
    ['another width', facts({ shape: ['N', 3] }), /\[N, 3\] in the file, the manifest says \[n, 2\]/],
    ['another rank', facts({ shape: ['N', 2, 1] }), /\[N, 2, 1\]/],
    ['a batch of four', facts({ shape: [4, 2] }), /must be symbolic or 1; the file has 4/],
  ])('refuses %s', (_name, file, reason) => {
    expect(() => matchSignature(file, EXPECTED, 32)).toThrow(reason);
  });
});
