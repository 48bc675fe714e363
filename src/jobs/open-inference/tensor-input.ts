import { storeTensor } from '../../analyzers/tensor/stored-tensor.js';
import type { TensorInput } from '../../analyzers/tensor/raw-tensor-analyzer.js';
import type { DescribedModel, TensorSignature } from '../../inference/model-version.js';
import { datatypeOf, type NamedTensor } from '../../inference/open-inference/named-tensor.js';
import { bucketName } from '../../inference/runtimes/warm-up.js';
import { TensorsRefusedError } from './open-inference.errors.js';

/**
 * The input of a job: the tensors of a request, checked against the model's signature, because its rows share an
 * inference batch with those of others. Throws TensorsRefusedError.
 */
export function tensorInputOf(model: DescribedModel, tensors: readonly NamedTensor[]): TensorInput {
  const unknown = tensors.find(({ name }) => !model.inputs.some((input) => input.name === name));
  if (unknown) refuse(`${model.name} has no input ${unknown.name}`);
  const matched = model.inputs.map((signature) => matchOf(signature, tensors));
  const rows = new Set(matched.map(({ dims }) => dims[0] ?? 0));
  const [count = 0] = rows;
  if (rows.size !== 1 || count < 1) refuse('every input needs the same number of rows, one or more');
  if (count > model.maxBatchSize)
    refuse(`${count} rows are more than ${model.name} takes at once, ${model.maxBatchSize}`);
  return { shapeBucket: bucketName(model, bucketSize(model, matched)), tensors: matched.map(storeTensor) };
}

function matchOf({ name, type, shape }: TensorSignature, tensors: readonly NamedTensor[]): NamedTensor {
  const [tensor, ...others] = tensors.filter((candidate) => candidate.name === name);
  if (!tensor || others.length > 0) return refuse(`the input ${name} must be given once`);
  const { dims, data } = tensor;
  const fits =
    dims.length === shape.length && shape.every((dim, axis) => typeof dim === 'string' || dim === dims[axis]);
  if (tensor.type !== type || !fits) {
    refuse(
      `${name} is ${datatypeOf(tensor.type)} [${dims.join(', ')}]; it must be ${datatypeOf(type)} [${shape.join(', ')}]`,
    );
  }
  if (!data.every((value) => typeof value === 'bigint' || Number.isFinite(value))) {
    refuse(`${name} has a value that is not a finite number`);
  }
  return tensor;
}

/** The size of the model's open axis: one that the model was measured with. */
function bucketSize({ name, buckets }: DescribedModel, tensors: readonly NamedTensor[]): number | null {
  if (!buckets) return null;
  const sizes = new Set(tensors.map(({ dims }) => dims[buckets.axis] ?? 0));
  const [size = 0] = sizes;
  if (sizes.size === 1 && buckets.sizes.includes(size)) return size;
  return refuse(`axis ${buckets.axis} of ${name} takes the sizes ${buckets.sizes.join(', ')}; pad to one of them`);
}

function refuse(message: string): never {
  throw new TensorsRefusedError('/inputs', message);
}
