import type { OutputMap } from '../inference/tensor.js';
import { InterpretError } from './analyzer.js';

/** Float noise of a softmax or sigmoid may pass 0 or 1 by this much. */
const SLACK = 1e-3;

/**
 * The probabilities of output `y`.
 * @param rowDims dimensions without the batch axis
 * @param rows of the job in the model's last run, at least 1
 * @throws InterpretError when the output is missing, has another shape or type, or holds anything but probabilities
 */
export function probabilitiesOf(outputs: OutputMap, rowDims: readonly number[], rows = 1): Float32Array {
  const output = outputs['y'];
  if (!output)
    throw new InterpretError(`The model gave no output "y" but ${Object.keys(outputs).join(', ') || 'none'}.`);
  const expected = [rows, ...rowDims];
  if (output.dims.join() !== expected.join()) {
    throw new InterpretError(
      `The model's output has the shape [${output.dims.join()}], expected [${expected.join()}].`,
    );
  }
  const size = expected.reduce((product, dim) => product * dim, 1);
  if (!(output.data instanceof Float32Array) || output.data.length !== size) {
    throw new InterpretError(`The model's output is not ${size} values of float32.`);
  }
  const odd = output.data.findIndex((value) => !(value >= -SLACK && value <= 1 + SLACK));
  if (odd >= 0)
    throw new InterpretError(`The model's output holds ${output.data[odd]} at ${odd}, which is no probability.`);
  return output.data;
}
