import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TFJS_LIMITS } from './inspection-limits.js';
import { ModelRefusal } from './model-refusal.js';
import { inspectTfjs } from './tfjs-inspector.js';

const SHIPPED = fileURLToPath(new URL('../../../models/surface-inspection/tfjs', import.meta.url));
const WEIGHTS = [{ paths: ['weights.bin'], weights: [{ name: 'k', shape: [2, 2], dtype: 'float32' }] }];
const FILES = new Map([['weights.bin', 16]]);
const node = (op: string) => ({ name: 'node', op });

function graph(...nodes: readonly unknown[]): Record<string, unknown> {
  return { format: 'graph-model', modelTopology: { node: nodes }, weightsManifest: WEIGHTS };
}

function layers(config: unknown): Record<string, unknown> {
  return { format: 'layers-model', modelTopology: { model_config: config }, weightsManifest: WEIGHTS };
}

function deep(levels: number): unknown {
  let inner: unknown = { class_name: 'Dense' };
  for (let i = 0; i < levels; i++) inner = { layer: inner };
  return inner;
}

const weighing = (weightsManifest: unknown) => ({ ...graph(node('Neg')), weightsManifest });
const withPath = (name: unknown) => weighing([{ paths: [name], weights: [] }]);
const withWeight = (weight: unknown) => weighing([{ paths: ['weights.bin'], weights: [weight] }]);

const HOSTILE: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  list: [[], /not a JSON object/],
  'no topology': [{ weightsManifest: [] }, /no modelTopology/],
  'no weights': [{ format: 'graph-model', modelTopology: { node: [node('Neg')] } }, /no weightsManifest/],
  'unknown format': [{ ...graph(node('Neg')), format: 'tf-saved-model' }, /"tf-saved-model" is not accepted/],
  'no nodes': [graph(), /no nodes/],
  'a loop': [graph(node('Neg'), node('StatelessWhile')), /StatelessWhile "node"/],
  'a loop in a function': [
    {
      ...graph(node('Neg')),
      modelTopology: { node: [node('Neg')], library: { function: [{ nodeDef: [node('NextIteration')] }] } },
    },
    /NextIteration/,
  ],
  'a node without an operator': [graph({ name: 'x' }), /names no operator/],
  'a huge layer': [
    layers({ class_name: 'Dense', config: { units: 1e9 } }),
    /1000000000 at \/config\/units is too large/,
  ],
  'deep nesting': [layers(deep(60)), /nested too deep/],
  'no layers': [layers({ units: 3 }), /no layers/],
  'an escaping path': [withPath('../weights.bin'), /"\.\.\/weights\.bin" is not accepted/],
  'an absolute path': [withPath('/etc/passwd'), /not accepted/],
  'a path that is no text': [withPath(7), /not accepted/],
  'a missing file': [withPath('other.bin'), /other\.bin is not part of the upload/],
  'a wrong byte count': [
    withWeight({ name: 'k', shape: [3], dtype: 'float32' }),
    /hold 16 bytes, the manifest needs 12/,
  ],
  'a negative shape': [withWeight({ name: 'k', shape: [-1], dtype: 'float32' }), /shape that is not accepted/],
  'a huge shape': [withWeight({ name: 'k', shape: [2 ** 31, 2 ** 31], dtype: 'float32' }), /too large/],
  'an unknown type': [withWeight({ name: 'k', shape: [4], dtype: 'string' }), /type string/],
};

describe('inspectTfjs', () => {
  it.each(Object.entries(HOSTILE))('refuses %s', (_name, [model, expected]) => {
    const inspect = () => inspectTfjs(JSON.stringify(model), FILES);
    expect(inspect).toThrow(ModelRefusal);
    expect(inspect).toThrow(expected);
  });

  it('refuses what is no JSON, and what is larger than its limits', () => {
    expect(() => inspectTfjs('{"a":', FILES)).toThrow(/not a JSON object/);
    const small = { ...TFJS_LIMITS, maxNodes: 1 };
    expect(() => inspectTfjs(JSON.stringify(graph(node('Neg'), node('Neg'))), FILES, small)).toThrow(/2 nodes/);
    expect(() => inspectTfjs('{}', FILES, { ...TFJS_LIMITS, maxJsonBytes: 1 })).toThrow(/larger than 1 byte/);
  });

  it('accepts a shipped model', () => {
    const names = fs.readdirSync(SHIPPED);
    const sizes = new Map(names.map((name) => [name, fs.statSync(path.join(SHIPPED, name)).size]));
    const { nodes, weights } = inspectTfjs(fs.readFileSync(path.join(SHIPPED, 'model.json'), 'utf8'), sizes);
    expect(nodes).toBeGreaterThan(3);
    expect(weights).toBeGreaterThan(10_000);
  });

  it('reads the signature of a graph model', () => {
    const tensor = { name: 'x:0', dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }, { size: '4' }] } };
    const model = {
      ...graph(node('Neg')),
      signature: { inputs: { x: tensor }, outputs: { y: { name: 'Identity:0' } } },
    };
    expect(inspectTfjs(JSON.stringify(model), FILES)).toMatchObject({
      inputs: [{ name: 'x', type: 'float32', shape: [null, 4] }],
      outputs: [{ name: 'y', type: null, shape: null }],
    });
  });
});
