import { expect, it } from 'vitest';
import type { PrepareContext } from '../analyzer.js';
import { loadTensor, storeTensor } from './stored-tensor.js';
import { tensorAnalyzerOf } from './tensor-analyzer.js';

const analyzer = tensorAnalyzerOf('tensor/double');
const written: ArrayBufferView[] = [];
const context = {
  tensorRows: async (rows: readonly ArrayBufferView[]) =>
    rows.map((row) => ({ offset: written.push(row) - 1, bytes: row.byteLength })),
} as unknown as PrepareContext;

it('knows its slugs alone', () => {
  expect(analyzer?.definition).toMatchObject({ slug: 'tensor/double', model: 'double' });
  expect(tensorAnalyzerOf('surface-inspection')).toBeUndefined();
});

it('cuts tensors into rows, whatever their type', async () => {
  const x = storeTensor({ name: 'x', type: 'float32', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  const mask = storeTensor({ name: 'mask', type: 'bool', dims: [2, 3], data: Uint8Array.of(1, 0, 1, 0, 0, 1) });
  const prepared = await analyzer?.prepare({ shapeBucket: '2', tensors: [x, mask] }, context);
  expect(prepared?.tensors).toEqual({
    x: { type: 'float32', rowShape: [2], rows: [0, 1].map((offset) => ({ offset, bytes: 8 })) },
    mask: { type: 'bool', rowShape: [3], rows: [2, 3].map((offset) => ({ offset, bytes: 3 })) },
  });
  expect(written.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('hex'))).toEqual([
    ...['0000803f00000040', '0000404000008040', '010001', '000001'],
  ]);
});

it('refuses rows that are not whole', async () => {
  const odd = storeTensor({ name: 'x', type: 'uint8', dims: [2, 2], data: Uint8Array.of(1, 2, 3) });
  await expect(analyzer?.prepare({ shapeBucket: '2', tensors: [odd] }, context)).rejects.toThrow(/x cannot be cut/);
});

it('gives the outputs back bit by bit', () => {
  const data = Float32Array.of(0.1, -0, 1e-40);
  const result = analyzer?.interpret({ y: { type: 'float32', dims: [3], data } });
  const outputs = result?.data['outputs'] as Parameters<typeof loadTensor>[0][];
  expect(outputs.map(loadTensor)).toEqual([{ name: 'y', type: 'float32', dims: [3], data }]);
  expect(result).toMatchObject({ kind: 'text', data: { text: 'y: float32 [3]' } });
});
