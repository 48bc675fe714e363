import { describe, expect, it } from 'vitest';
import { parseManifest } from './analyzer-manifest.js';

type Json = Record<string, unknown>;

const COMMON = {
  manifestVersion: 1,
  title: { en: 'Leaf disease', ko: '잎 병해' },
  artifacts: [{ runtime: 'onnx', files: ['model.onnx'] }],
};
const IMAGE = { tensor: 'input', type: 'uint8', width: 224, height: 224 };
const CLASSIFIER = {
  ...COMMON,
  slug: 'leaf-disease',
  kind: 'image-classifier',
  input: IMAGE,
  output: { tensor: 'probs', labels: ['healthy', 'rust'] },
};
const TENSOR = {
  ...COMMON,
  slug: 'pump-score',
  kind: 'tensor',
  inputs: [{ tensor: 'x', type: 'float32', shape: ['n', 64], minimum: -100, maximum: 100, maxRows: 4 }],
  outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 3], labels: ['low', 'mid', 'high'] }],
};
const SERIES = {
  ...COMMON,
  slug: 'vibration',
  kind: 'timeseries',
  input: { tensor: 'x', shape: ['n', 1, 256] },
  output: { tensor: 'y', windows: 8 },
};

function faults(value: unknown): string[] {
  const parsed = parseManifest(value, '/manifest');
  return 'faults' in parsed ? parsed.faults.map(({ pointer }) => pointer) : [];
}

describe('parseManifest', () => {
  it('fills in what is not said', () => {
    const parsed = parseManifest(CLASSIFIER, '/manifest');
    expect(parsed).toMatchObject({
      manifest: {
        batch: { max: 32 },
        limits: { deadlineMs: 30_000, maxFileBytes: 10_485_760 },
        input: { layout: 'NHWC', channels: 3, fit: 'fill' },
        output: { activation: 'none', topK: 5, threshold: 0 },
      },
    });
    for (const manifest of [TENSOR, SERIES]) expect(faults(manifest)).toEqual([]);
  });

  const image = (changes: Json) => ({ ...CLASSIFIER, input: { ...IMAGE, ...changes } });
  const output = (changes: Json) => ({ ...CLASSIFIER, output: { ...CLASSIFIER.output, ...changes } });
  const series = (input: Json, windows = 8) => ({
    ...SERIES,
    input: { ...SERIES.input, ...input },
    output: { tensor: 'y', windows },
  });
  const tensor = (input: Json) => ({ ...TENSOR, inputs: [{ ...TENSOR.inputs[0], ...input }] });
  it.each<[string, unknown, string]>([
    ['no object', 7, '/manifest'],
    ['an unknown kind', { ...CLASSIFIER, kind: 'video' }, '/manifest/kind'],
    ['an unknown key', { ...CLASSIFIER, script: 'x' }, '/manifest'],
    ['an unknown key below', output({ url: 'https://x' }), '/manifest/output'],
    ['a bad slug', { ...CLASSIFIER, slug: 'Leaf Disease' }, '/manifest/slug'],
    ['a missing language', { ...CLASSIFIER, title: { en: 'x' } }, '/manifest/title/ko'],
    [
      'a path as file',
      { ...CLASSIFIER, artifacts: [{ runtime: 'onnx', files: ['../m.onnx'] }] },
      '/manifest/artifacts/0/files/0',
    ],
    [
      'a hidden file',
      { ...CLASSIFIER, artifacts: [{ runtime: 'onnx', files: ['.env'] }] },
      '/manifest/artifacts/0/files/0',
    ],
    [
      'two artifacts of a runtime',
      {
        ...CLASSIFIER,
        artifacts: [
          { runtime: 'onnx', files: ['a'] },
          { runtime: 'onnx', files: ['b'] },
        ],
      },
      '/manifest/artifacts',
    ],
    ['a normalized uint8 row', image({ normalization: { scale: 1 } }), '/manifest/input/type'],
    ['an NCHW uint8 row', image({ layout: 'NCHW' }), '/manifest/input/type'],
    ['a row that is too large', image({ width: 2_048, height: 2_048 }), '/manifest/input/width'],
    [
      'two means for three channels',
      image({ type: 'float32', normalization: { mean: [0, 0] } }),
      '/manifest/input/normalization',
    ],
    ['equal labels', output({ labels: ['a', 'a'] }), '/manifest/output/labels'],
    [
      'too many labels',
      output({ labels: Array.from({ length: 1_001 }, (_, i) => `l${i}`) }),
      '/manifest/output/labels',
    ],
    ['a long label', output({ labels: ['x'.repeat(65)] }), '/manifest/output/labels/0'],
    ['more rows than a batch', tensor({ maxRows: 64 }), '/manifest/inputs/0/maxRows'],
    ['a range upside down', tensor({ minimum: 5, maximum: 4 }), '/manifest/inputs/0/minimum'],
    ['a fixed batch', tensor({ shape: [1, 64] }), '/manifest/inputs/0/shape/0'],
    [
      'labels for other values',
      { ...TENSOR, outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 4], labels: ['a'] }] },
      '/manifest/outputs/0/labels',
    ],
    ['windows that do not divide', series({}, 7), '/manifest/output/windows'],
    ['two long axes', series({ shape: ['n', 2, 256] }), '/manifest/input/shape'],
  ])('refuses %s', (_name, manifest, pointer) => {
    expect(faults(manifest)).toContain(pointer);
  });
});
