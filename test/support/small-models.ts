import fs from 'node:fs';
import path from 'node:path';
import { modelDigest, uuidOfDigest } from '../../src/inference/models/model-digest.js';
import type { ModelVersion } from '../../src/inference/model-version.js';
import { constant, graph, model, node, value } from './onnx-writer.js';

/**
 * Small ONNX models with known behavior, float32 [n, 2] -> float32 [n, 2]:
 * - `double`: y = x + x
 * - `lengths`: the same for float32 [n, l], with the shape buckets 16 and 64
 * - `log`: y = log(x), so a negative value gives NaN
 * - `first`: keeps the first row alone, so the first axis of its output is 1 whatever it gets
 * - `loop`: runs an empty loop as often as the largest value says, then y = x: 1e18 never ends
 */
export const SMALL_MODELS = {
  double: () => withNodes([node('Add', ['x', 'x'], ['y'])]),
  lengths: () => withNodes([node('Add', ['x', 'x'], ['y'])], [], 'l'),
  log: () => withNodes([node('Log', ['x'], ['y'])]),
  first: () =>
    withNodes(
      [node('Compress', ['x', 'keep'], ['y'], { axis: 0 })],
      [constant('keep', 'bool', [1], new Uint8Array([1]))],
    ),
  loop: loopModel,
} as const;

/** Writes a small model into a new directory below `directory` and describes it. */
export function smallModel(kind: keyof typeof SMALL_MODELS, directory: string, name: string = kind): ModelVersion {
  const folder = path.join(directory, name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'model.onnx'), SMALL_MODELS[kind]());
  const shape = ['n', kind === 'lengths' ? 'l' : 2];
  const digest = modelDigest(folder, ['model.onnx']);
  return {
    id: uuidOfDigest(digest),
    name,
    version: '1.0.0',
    digest,
    tenantId: null,
    runtime: 'onnx',
    file: path.join(folder, 'model.onnx'),
    sizeBytes: fs.statSync(path.join(folder, 'model.onnx')).size,
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
    maxBatchSize: 8,
    buckets: kind === 'lengths' ? { axis: 1, sizes: [16, 64] } : null,
  };
}

function withNodes(nodes: readonly Buffer[], constants: readonly Buffer[] = [], length: number | string = 2): Buffer {
  return model({
    nodes,
    constants,
    inputs: [value('x', 'float32', ['n', length])],
    outputs: [value('y', 'float32', ['n', length])],
  });
}

function loopModel(): Buffer {
  const body = graph({
    nodes: [node('Identity', ['go'], ['go_on']), node('Neg', ['v'], ['v_out'])],
    inputs: [value('i', 'int64', []), value('go', 'bool', []), value('v', 'float32', [])],
    outputs: [value('go_on', 'bool', []), value('v_out', 'float32', [])],
  });
  return withNodes(
    [
      node('ReduceMax', ['x'], ['most'], { keepdims: 0 }),
      node('Cast', ['most'], ['count'], { to: 7 }),
      node('Loop', ['count', 'yes', 'zero'], ['end'], { body: { graph: body } }),
      node('Mul', ['end', 'zero'], ['nothing']),
      node('Add', ['x', 'nothing'], ['y']),
    ],
    [constant('yes', 'bool', [], new Uint8Array([1])), constant('zero', 'float32', [], new Float32Array([0]))],
  );
}
