import type { ReportedTensor } from '../engine/engine-operations.js';
import { InvalidInferenceError } from '../inference.errors.js';
import type { ModelVersion } from '../model-version.js';

interface Tensors {
  readonly inputs: readonly ReportedTensor[];
  readonly outputs: readonly ReportedTensor[];
}

/** True when both have the same tensors: names, types, ranks and fixed dimensions. */
export function isSameSignature(one: Tensors, other: Tensors): boolean {
  return (['inputs', 'outputs'] as const).every((side) => textOf(one[side]) === textOf(other[side]));
}

/** The artefact must have exactly the tensors that the catalog names. Throws InvalidInferenceError. */
export function checkSignature(model: ModelVersion, actual: Tensors): void {
  for (const side of ['inputs', 'outputs'] as const) {
    const [expected, found] = [textOf(model[side]), textOf(actual[side])];
    if (expected === found) continue;
    throw new InvalidInferenceError(
      `${model.name} ${model.version} does not have the tensors of its manifest: file ${found}, manifest ${expected}`,
    );
  }
}

function textOf(tensors: readonly ReportedTensor[]): string {
  return tensors
    .map(
      ({ name, type, shape }) => `${name}: ${type} [${shape.map((d) => (typeof d === 'number' ? d : '*')).join(', ')}]`,
    )
    .sort()
    .join('; ');
}
