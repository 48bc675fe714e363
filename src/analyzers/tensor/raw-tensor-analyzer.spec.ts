import { expect, it } from 'vitest';
import type { PrepareContext } from '../analyzer.js';
import { loadTensor, storeTensor } from './stored-tensor.js';
import { RawTensorAnalyzer, rawSlugOf, rawTargetOf } from './raw-tensor-analyzer.js';

const target = { name: 'double', isOwn: false };
const analyzer = new RawTensorAnalyzer(target);
const written: ArrayBufferView[] = [];
const context = {
  tensorRows: async (rows: readonly ArrayBufferView[]) =>
    rows.map((row) => ({ offset: written.push(row) - 1, bytes: row.byteLength })),
} as unknown as PrepareContext;

it('knows its slugs alone', () => {
  expect(analyzer.definition).toMatchObject({ slug: 'tensor/double', model: 'double' });
  for (const known of [target, { name: 'tensor', isOwn: true }]) expect(rawTargetOf(rawSlugOf(known))).toEqual(known);
  expect(rawTargetOf('surface-inspection')).toBeNull();
});

it('cuts tensors into rows, whatever their type', async () => {
  const x = storeTensor({ name: 'x', type: 'float32', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  const mask = storeTensor({ name: 'mask', type: 'bool', dims: [2, 3], data: Uint8Array.of(1, 0, 1, 0, 0, 1) });
  const prepared = await analyzer.prepare({ shapeBucket: '2', tensors: [x, mask] }, context);
  expect(prepared.tensors).toEqual({
    x: { type: 'float32', rowShape: [2], rows: [0, 1].map((offset) => ({ offset, bytes: 8 })) },
    mask: { type: 'bool', rowShape: [3], rows: [2, 3].map((offset) => ({ offset, bytes: 3 })) },
  });
  expect(written.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('hex'))).toEqual([
    ...['0000803f00000040', '0000404000008040', '010001', '000001'],
  ]);
});

it('refuses rows that are not whole', async () => {
  const odd = storeTensor({ name: 'x', type: 'uint8', dims: [2, 2], data: Uint8Array.of(1, 2, 3) });
  await expect(analyzer.prepare({ shapeBucket: '2', tensors: [odd] }, context)).rejects.toThrow(/x cannot be cut/);
});

it('refuses tensors of another model than the one that serves now', async () => {
  const x = storeTensor({ name: 'x', type: 'float32', dims: [1, 2], data: Float32Array.of(1, 2) });
  const prepare = (shape: readonly (number | string)[], name = 'x', type: 'float32' | 'uint8' = 'float32') =>
    new RawTensorAnalyzer(target, [{ name, type, shape }]).prepare({ shapeBucket: '2', tensors: [x] }, context);
  await expect(prepare(['n', 2])).resolves.toBeDefined();
  for (const other of [prepare(['n', 3]), prepare(['n', 2], 'y'), prepare(['n', 2], 'x', 'uint8')]) {
    await expect(other).rejects.toThrow(/takes other tensors/);
  }
});

it('gives the outputs back bit by bit', () => {
  const data = Float32Array.of(0.1, -0, 1e-40);
  const result = analyzer.interpret({ y: { type: 'float32', dims: [3], data } });
  const outputs = result.data['outputs'] as Parameters<typeof loadTensor>[0][];
  expect(outputs.map(loadTensor)).toEqual([{ name: 'y', type: 'float32', dims: [3], data }]);
  expect(result).toMatchObject({ kind: 'text', data: { text: 'y: float32 [3]' } });
});
