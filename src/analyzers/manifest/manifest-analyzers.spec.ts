import { describe, expect, it } from 'vitest';
import type { OutputMap, RowHandle, TensorData } from '../../inference/tensor.js';
import { type Analyzer, InputUnreadableError, type PrepareContext } from '../analyzer.js';
import { JsonSchemaValidator } from '../json-schema-validator.js';
import { parseManifest } from './analyzer-manifest.js';
import { ManifestAnalyzers } from './manifest-analyzers.js';

type Json = Record<string, unknown>;
type AnyAnalyzer = Analyzer<unknown, unknown>;

const GEOMETRY = { sourceWidth: 200, sourceHeight: 100, scaleX: 0.5, scaleY: 0.5 };
const IMAGE = { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' };

class Rows implements PrepareContext {
  readonly signal = new AbortController().signal;
  readonly rows: TensorData[] = [];
  spec: unknown = null;
  async imageRow(_file: unknown, spec: unknown) {
    this.spec = spec;
    return { row: { offset: 0, bytes: 0 }, geometry: GEOMETRY };
  }
  async imageRows(file: unknown, specs: readonly unknown[]) {
    return Promise.all(specs.map((spec) => this.imageRow(file, spec)));
  }
  text = async () => 'value\n1\n2\n3\n4\n';
  async floatRow(values: Float32Array): Promise<RowHandle> {
    return this.keep(values);
  }
  async tensorRows(rows: readonly ArrayBufferView[]): Promise<readonly RowHandle[]> {
    return rows.map((row) => this.keep(row as TensorData));
  }
  private keep(values: TensorData): RowHandle {
    return { offset: this.rows.push(values) - 1, bytes: values.byteLength };
  }
}

const made = new ManifestAnalyzers();
let ids = 0;

function make(changes: Json): { analyzer: AnyAnalyzer; faultsOf: (input: unknown) => string[] } {
  const base = {
    manifestVersion: 1,
    slug: 'an-analyzer',
    title: { en: 'One', ko: '하나' },
    artifacts: [{ runtime: 'onnx', files: ['m.onnx'] }],
  };
  const parsed = parseManifest({ ...base, ...changes }, '');
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  const id = String(++ids);
  return {
    analyzer: made.of(id, parsed.manifest) as unknown as AnyAnalyzer,
    faultsOf: (input) => made.faultsOf(id, parsed.manifest, input).map(({ pointer }) => pointer),
  };
}

function floats(name: string, dims: number[], data: number[]): OutputMap {
  return { [name]: { type: 'float32', dims, data: Float32Array.from(data) } };
}

/** Interprets and checks the result against the derived schema. */
function interpret(analyzer: AnyAnalyzer, outputs: OutputMap, memo: unknown, input: unknown): Json {
  const { kind, data } = analyzer.interpret(outputs, memo, input);
  expect(kind).toBe(analyzer.definition.view.renderer);
  const sent: unknown = JSON.parse(JSON.stringify(data));
  expect(new JsonSchemaValidator(analyzer.definition.outputSchema).faultsOf(sent)).toEqual([]);
  return data;
}

describe('an image classifier', () => {
  const classifier = (output: Json = {}, input: Json = {}) =>
    make({
      kind: 'image-classifier',
      input: { tensor: 'x', type: 'uint8', width: 8, height: 4, ...input },
      output: { tensor: 'y', labels: ['a', 'b', 'c'], ...output },
    });

  it('takes a picture, and a threshold', async () => {
    const { analyzer, faultsOf } = classifier();
    expect([faultsOf({ image: IMAGE }), faultsOf({}), faultsOf({ image: IMAGE, threshold: 2 })]).toEqual([
      [],
      ['/image'],
      ['/threshold'],
    ]);
    const prepared = await analyzer.prepare({ image: IMAGE }, new Rows());
    expect(prepared).toMatchObject({ shapeBucket: '4x8x3', tensors: { x: { type: 'uint8', rowShape: [4, 8, 3] } } });
  });

  it('prepares float rows in the layout of the model', async () => {
    const normalization = { scale: 0.5, mean: [1], std: [2, 3, 4] };
    const { analyzer } = classifier({}, { type: 'float32', layout: 'NCHW', normalization });
    const context = new Rows();
    const { tensors } = await analyzer.prepare({ image: IMAGE }, context);
    expect(tensors['x']).toMatchObject({ type: 'float32', rowShape: [3, 4, 8] });
    expect(context.spec).toMatchObject({ float: { layout: 'NCHW', scale: 0.5, mean: [1], std: [2, 3, 4] } });
  });

  it('gives the best classes', () => {
    const { analyzer } = classifier({ topK: 2, threshold: 0.1 });
    const outputs = floats('y', [1, 3], [0.05, 0.2, 0.75]);
    expect(interpret(analyzer, outputs, GEOMETRY, { image: IMAGE })).toMatchObject({
      label: 'c',
      confidence: 0.75,
      predictions: [
        { label: 'c', score: 0.75 },
        { label: 'b', score: 0.2 },
      ],
    });
    expect(interpret(analyzer, outputs, GEOMETRY, { image: IMAGE, threshold: 0.9 })).toMatchObject({
      label: null,
      confidence: 0.75,
      predictions: [],
    });
  });

  it('applies the activation that the manifest names', () => {
    const outputs = floats('y', [1, 3], [1_000, 1_000, 0]);
    expect(interpret(classifier({ activation: 'softmax' }).analyzer, outputs, GEOMETRY, {})['confidence']).toBe(0.5);
    expect(
      interpret(classifier({ activation: 'sigmoid' }).analyzer, outputs, GEOMETRY, {})['predictions'],
    ).toMatchObject([{ score: 1 }, { score: 1 }, { score: 0.5 }]);
  });

  it('refuses an output of another size', () => {
    expect(() => interpret(classifier().analyzer, floats('y', [1, 2], [1, 0]), GEOMETRY, {})).toThrow(/2 values/);
    expect(() => interpret(classifier().analyzer, floats('z', [1, 3], [1, 0, 0]), GEOMETRY, {})).toThrow(
      /no output "y"/,
    );
  });
});

describe('an image detector', () => {
  const detector = (output: Json = {}) =>
    make({
      kind: 'image-detector',
      input: { tensor: 'x', type: 'uint8', width: 100, height: 50, fit: 'contain' },
      output: { boxes: 'b', scores: 's', candidates: 3, labels: ['cat', 'dog'], ...output },
    }).analyzer;
  const corners = [10, 10, 30, 30, 11, 11, 31, 31, 60, 10, 80, 20];

  it('keeps the best of overlapping boxes, in source pixels', () => {
    const outputs = { ...floats('b', [1, 3, 4], corners), ...floats('s', [1, 3, 2], [0.9, 0, 0.8, 0, 0.1, 0.7]) };
    expect(interpret(detector(), outputs, GEOMETRY, {})).toMatchObject({
      count: 2,
      boxes: [
        { x: 20, y: 20, width: 40, height: 40, label: 'cat', score: 0.9 },
        { x: 120, y: 20, width: 40, height: 20, label: 'dog', score: 0.7 },
      ],
      image: { width: 200, height: 100 },
    });
  });

  it('reads classes of their own, other formats and relative units', () => {
    const classes = { c: { type: 'int64', dims: [1, 3], data: BigInt64Array.of(1n, 7n, 0n) } } as const;
    const boxes = floats('b', [1, 3, 4], [0.5, 0.5, 0.25, 0.5, 0.5, 0.5, 0.25, 0.5, 0.5, 0.5, 0, 0.5]);
    const outputs = { ...boxes, ...floats('s', [1, 3], [0.9, 0.9, 0.9]), ...classes };
    const { boxes: found } = interpret(
      detector({ classes: 'c', format: 'cxcywh', units: 'relative' }),
      outputs,
      GEOMETRY,
      {},
    );
    expect(found).toEqual([{ x: 75, y: 25, width: 50, height: 50, label: 'dog', score: 0.9 }]);
  });
});

describe('a time series', () => {
  const { analyzer, faultsOf } = make({
    kind: 'timeseries',
    input: { tensor: 'x', shape: ['n', 1, 8], minSamples: 3, normalization: 'zscore' },
    output: { tensor: 'y', windows: 4 },
  });

  it('takes values or a CSV file', async () => {
    expect([faultsOf({ values: [1, 2, 3] }), faultsOf({ values: [1] }), faultsOf({})]).toEqual([[], ['/values'], ['']]);
    const context = new Rows();
    const { tensors, memo } = await analyzer.prepare({ file: IMAGE }, context);
    expect(tensors['x']?.rowShape).toEqual([1, 8]);
    expect(memo).toEqual([1, 2, 3, 4]);
    const row = Array.from(context.rows[0] as Float32Array);
    expect(row.slice(0, 4).reduce((sum, v) => sum + v, 0)).toBeCloseTo(0);
    expect(row.slice(3, 7)).toEqual([row[3], row[2], row[1], row[0]]); // mirrored
  });

  it('gives a score for each stretch of the real samples', () => {
    const outputs = floats('y', [1, 1, 4], [0.1, 0.9, 1, 1]);
    expect(interpret(analyzer, outputs, [1, 2, 3, 4], { values: [] })).toMatchObject({
      verdict: 'anomalous',
      score: 0.9,
      windows: [
        { start: 0, end: 2, score: 0.1 },
        { start: 2, end: 4, score: 0.9 },
      ],
    });
  });
});

describe('tensors', () => {
  const of = (type: string, extra: Json = {}) =>
    make({
      kind: 'tensor',
      inputs: [{ tensor: 'x', type, shape: ['n', 2], maxRows: 3, ...extra }],
      outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 2] }],
    });
  const sent = (tensor: Json) => ({ inputs: { x: tensor } });

  it('become rows, flat, nested or as base64', async () => {
    const { analyzer, faultsOf } = of('float32');
    const base64 = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer).toString('base64');
    for (const tensor of [
      { data: [1, 2, 3, 4] },
      {
        data: [
          [1, 2],
          [3, 4],
        ],
      },
      { base64 },
    ]) {
      const input = sent({ shape: [2, 2], ...tensor });
      expect(faultsOf(input)).toEqual([]);
      const context = new Rows();
      const { tensors } = await analyzer.prepare(input, context);
      expect(tensors['x']).toMatchObject({ type: 'float32', rowShape: [2], rows: [{ offset: 0 }, { offset: 1 }] });
      expect(context.rows).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    }
  });

  it('are held to their shape by the schema', () => {
    const { faultsOf } = of('float32');
    for (const shape of [[4, 2], [0, 2], [1, 3], [1]]) {
      expect(faultsOf(sent({ shape, data: [1] })).length).toBeGreaterThan(0);
    }
    expect(faultsOf(sent({ shape: [1, 2] }))).toEqual(['/inputs/x']);
    expect(faultsOf({ inputs: {} })).toEqual(['/inputs/x']);
  });

  it.each<[string, Json, RegExp]>([
    ['float32', { data: [1] }, /holds 1 values, its shape needs 2/],
    ['float32', { data: [1, 2, 3] }, /more than the 2/],
    ['float32', { data: [1, 'a'] }, /no number at 1/],
    ['float32', { base64: 'AAAA' }, /has 3 bytes, its shape needs 8/],
    ['float32', { base64: Buffer.from(Float32Array.of(1, Number.NaN).buffer).toString('base64') }, /not a finite/],
    ['uint8', { data: [1, 256] }, /256 at 1, which is no uint8/],
    ['int32', { data: [1, 0.5] }, /0\.5 at 1, which is no int32/],
    ['bool', { base64: 'AAI=' }, /neither 0 nor 1/],
  ])('of %s refuse %j', async (type, tensor, reason) => {
    const preparing = of(type).analyzer.prepare(sent({ shape: [1, 2], ...tensor }), new Rows());
    await expect(preparing).rejects.toThrow(InputUnreadableError);
    await expect(preparing).rejects.toThrow(reason);
  });

  it('of whole numbers arrive as they are, and ranges hold', async () => {
    const context = new Rows();
    await of('int64').analyzer.prepare(sent({ shape: [1, 2], data: [-5, 7] }), context);
    expect(context.rows).toEqual([BigInt64Array.of(-5n, 7n)]);
    const ranged = of('float32', { minimum: 0, maximum: 1 }).analyzer;
    await expect(ranged.prepare(sent({ shape: [1, 2], data: [0, 1.5] }), context)).rejects.toThrow(
      /allowed are 0 to 1/,
    );
  });

  it('come back with their shape', () => {
    const data = interpret(of('float32').analyzer, floats('y', [2, 2], [1, 2, 3, 1 / 3]), null, {});
    expect(data).toEqual({ outputs: { y: { shape: [2, 2], data: [1, 2, 3, 0.333333] } } });
  });
});

it('remembers an analyzer by its model, and forgets the oldest', () => {
  const analyzers = new ManifestAnalyzers();
  const parsed = parseManifest(
    {
      manifestVersion: 1,
      slug: 'kept-one',
      kind: 'tensor',
      title: { en: 'x', ko: 'x' },
      artifacts: [{ runtime: 'onnx', files: ['m'] }],
      inputs: [{ tensor: 'x', type: 'float32', shape: ['n', 1] }],
      outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 1] }],
    },
    '',
  );
  if ('faults' in parsed) throw new Error('not a manifest');
  const first = analyzers.of('a', parsed.manifest);
  expect(analyzers.of('a', parsed.manifest)).toBe(first);
  expect(analyzers.faultsOf('a', parsed.manifest, {})).toHaveLength(1);
  for (let i = 0; i < 500; i++) analyzers.of(`b${i}`, parsed.manifest);
  expect(analyzers.of('a', parsed.manifest)).not.toBe(first);
  expect(analyzers.faultsOf('a', parsed.manifest, {})).toHaveLength(1);
});
