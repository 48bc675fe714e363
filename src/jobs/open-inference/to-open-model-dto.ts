import type { DescribedModel, TensorSignature } from '../../inference/model-version.js';
import { datatypeOf } from '../../inference/open-inference/named-tensor.js';
import type { OpenModelDto, OpenTensorDto } from '../dto/open-inference.dto.js';

/** A model as the Open Inference Protocol describes it; an axis of any size is -1. */
export function toOpenModelDto({ name, version, runtime, inputs, outputs }: DescribedModel): OpenModelDto {
  return { name, versions: [version], platform: runtime, inputs: inputs.map(toTensor), outputs: outputs.map(toTensor) };
}

function toTensor({ name, type, shape }: TensorSignature): OpenTensorDto {
  return { name, datatype: datatypeOf(type), shape: shape.map((dim) => (typeof dim === 'number' ? dim : -1)) };
}
