import { describe, expect, it } from 'vitest';
import { InputUnreadableError, InterpretError, type PrepareContext } from '../analyzer.js';
import { SignalAnomalyAnalyzer } from './signal-anomaly.analyzer.js';

const analyzer = new SignalAnomalyAnalyzer();
const file = { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' };

function context(text = ''): PrepareContext & { rows: Float32Array[] } {
  const rows: Float32Array[] = [];
  return {
    rows,
    signal: new AbortController().signal,
    imageRow: () => Promise.reject(new Error('not asked for')),
    imageRows: () => Promise.reject(new Error('not asked for')),
    text: () => Promise.resolve(text),
    floatRow: (values) => Promise.resolve({ offset: rows.push(values) - 1, bytes: values.byteLength }),
    tensorRows: () => Promise.reject(new Error('not asked for')),
  };
}

describe('SignalAnomalyAnalyzer', () => {
  it.each([
    [64, 256],
    [300, 1024],
    [4096, 4096],
  ])('pads %i samples to a row of %i', async (length, bucket) => {
    const to = context();
    const prepared = await analyzer.prepare({ values: Array.from({ length }, (_, i) => i) }, to);
    expect(prepared.shapeBucket).toBe(String(bucket));
    expect(prepared.tensors['x']?.rowShape).toEqual([1, bucket, 1]);
    expect(to.rows[0]).toHaveLength(bucket);
  });

  it('reads a CSV file like the values themselves', async () => {
    const values = Array.from({ length: 70 }, (_, i) => Math.cos(i));
    const [fromFile, fromValues] = [context(`value\n${values.join('\n')}`), context()];
    await analyzer.prepare({ file }, fromFile);
    await analyzer.prepare({ values }, fromValues);
    expect(fromFile.rows).toEqual(fromValues.rows);
  });

  it.each([[10], [4097]])('refuses a file with %i samples', async (length) => {
    const text = new Array<number>(length).fill(1).join('\n');
    await expect(analyzer.prepare({ file }, context(text))).rejects.toThrow(InputUnreadableError);
  });

  it('judges by the real samples only', () => {
    const data = new Float32Array(8).fill(0.1);
    data[7] = 1; // beyond the 100 samples
    const outputs = { y: { type: 'float32' as const, dims: [1, 1, 8, 1], data } };
    const memo = { values: new Array<number>(100).fill(0), bucket: 256 };
    const result = analyzer.interpret(outputs, memo, { threshold: 0.5, sampleRate: 50 });
    expect(result.data).toMatchObject({ verdict: 'normal', score: 0.1, samples: 100, sampleRate: 50 });
    expect(result.data['windows']).toHaveLength(4);
  });

  it('refuses outputs of another length', () => {
    const outputs = { y: { type: 'float32' as const, dims: [1, 1, 32, 1], data: new Float32Array(32) } };
    expect(() => analyzer.interpret(outputs, { values: [0], bucket: 256 }, {})).toThrow(InterpretError);
  });
});
