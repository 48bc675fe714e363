import type { GraphModel, LayersModel, NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import type { TensorSignature } from '../../model-version.js';
import type { SavedModel } from './start-backend.js';

// Runs in the engine process: erasable TypeScript only.

/** An input or output as the artefact has it; null = the artefact does not tell. */
export interface StoredTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | null)[] | null;
}

/** One loaded model, whatever its format: named tensors in, tensors out in the order of `outputs`. */
export interface ServableModel {
  readonly inputs: readonly StoredTensor[];
  readonly outputs: readonly StoredTensor[];
  /** Synchronous: the caller tidies up. */
  predict(inputs: NamedTensorMap, rows: number): Tensor[];
  dispose(): void;
}

interface SignatureEntry {
  readonly name?: string;
  readonly dtype?: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size?: string | number }[] };
}
type GraphSignature = Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, SignatureEntry>> | undefined>>;

const GRAPH_TYPES: Readonly<Record<string, string>> = { DT_FLOAT: 'float32', DT_INT32: 'int32', DT_BOOL: 'bool' };

/** A graph model: names come from its signature, or from its nodes where it has none. */
export function graphModel(net: GraphModel): ServableModel {
  const { signature } = net.modelSignature ? { signature: net.modelSignature as unknown as GraphSignature } : {};
  const describe = (side: 'inputs' | 'outputs'): StoredTensor[] => {
    const named = Object.entries(signature?.[side] ?? {});
    if (named.length === 0)
      return net[side].map(({ name, dtype, shape }) => ({ name, type: dtype, shape: freeAxes(shape) }));
    return named.map(([name, entry]) => ({
      name,
      type: GRAPH_TYPES[entry.dtype ?? ''] ?? String(entry.dtype),
      shape: freeAxes(entry.tensorShape?.dim?.map(({ size }) => Number(size ?? -1))),
    }));
  };
  const outputs = describe('outputs');
  const names = outputs.map(({ name }) => name);
  return {
    inputs: describe('inputs'),
    outputs,
    predict: (inputs) => [net.execute(inputs, names)].flat(),
    dispose: () => net.dispose(),
  };
}

/** A layers model: its tensors are named by the catalog, in order; the names inside are those of layers. */
export function layersModel(
  net: LayersModel,
  signature: { readonly inputs: readonly TensorSignature[]; readonly outputs: readonly TensorSignature[] },
): ServableModel {
  const describe = (tensors: LayersModel['inputs'], named: readonly TensorSignature[]): StoredTensor[] =>
    tensors.map(({ name, dtype, shape }, i) => ({ name: named[i]?.name ?? name, type: dtype, shape }));
  const inputs = describe(net.inputs, signature.inputs);
  return {
    inputs,
    outputs: describe(net.outputs, signature.outputs),
    predict: (tensors, rows) => {
      const list = inputs.map(({ name }) => tensors[name] as Tensor);
      return [net.predict(list.length === 1 ? (list[0] as Tensor) : list, { batchSize: rows })].flat();
    },
    dispose: () => void net.dispose(),
  };
}

/** A SavedModel in the native binding. */
export function savedModel(net: SavedModel): ServableModel {
  const describe = (tensors: SavedModel['inputs']): StoredTensor[] =>
    tensors.map(({ name, dtype, shape }) => ({ name, type: dtype, shape: freeAxes(shape) }));
  const outputs = describe(net.outputs);
  return {
    inputs: describe(net.inputs),
    outputs,
    predict: (inputs) => {
      const result = net.predict(inputs);
      return outputs.map(({ name }) => ('dtype' in result ? result : result[name]) as Tensor);
    },
    dispose: () => net.dispose(),
  };
}

function freeAxes(shape: readonly number[] | undefined | null): (number | null)[] | null {
  return shape ? shape.map((dim) => (dim < 0 ? null : dim)) : null;
}
