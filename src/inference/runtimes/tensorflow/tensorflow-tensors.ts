import type { Tensor } from '@tensorflow/tfjs';
import type { Feed } from '../../engine/engine-operations.js';
import type { EngineOutput } from '../../engine/engine-tensors.js';
import type { TensorSignature } from '../../model-version.js';
import type { TensorData } from '../../tensor.js';
import type { TensorflowLibrary } from './start-backend.js';

// Runs in the engine process: erasable TypeScript only.

type StoredType = 'float32' | 'int32' | 'bool';

/**
 * The element type as the catalog names it. TensorFlow.js computes in float32, int32 and bool alone: rows of uint8 are
 * converted here, multiplied by the scale of the signature.
 */
export function catalogType(storedType: string, expected: TensorSignature | undefined): string {
  const converts = expected?.type === 'uint8' && (storedType === 'float32' || storedType === 'int32');
  return converts ? 'uint8' : storedType;
}

/** The tensor of an input. `storedType` is the element type in the artefact. Throws for a type that it cannot hold. */
export function inputTensor(
  tf: TensorflowLibrary,
  { name, type, dims }: Feed,
  data: TensorData,
  storedType: string,
  scale: number,
): Tensor {
  const shape = [...dims];
  if (type === 'uint8' && storedType === 'float32') {
    return tf.tensor(
      Float32Array.from(data as Uint8Array, (value) => value * scale),
      shape,
      'float32',
    );
  }
  if (type === 'uint8' && storedType === 'int32') return tf.tensor(Int32Array.from(data as Uint8Array), shape, 'int32');
  if (type !== storedType || !isStored(type)) throw new Error(`TensorFlow.js cannot take ${type} for ${name}`);
  return tf.tensor(data as Float32Array | Int32Array | Uint8Array, shape, type);
}

/** An output, copied out of the library. */
export function outputOf(name: string, tensor: Tensor): EngineOutput {
  if (!isStored(tensor.dtype))
    throw new Error(`${name} is ${tensor.dtype}; only numbers and bool can cross the engine`);
  return { name, type: tensor.dtype, dims: tensor.shape, data: tensor.dataSync() as TensorData };
}

function isStored(type: string): type is StoredType {
  return type === 'float32' || type === 'int32' || type === 'bool';
}
