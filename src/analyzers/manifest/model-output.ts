import type { OutputMap, OutputTensor } from '../../inference/tensor.js';
import { InterpretError } from '../analyzer.js';

/** An output of a job. Throws InterpretError when the model did not give it. */
export function outputOf(outputs: OutputMap, name: string): OutputTensor {
  const output = outputs[name];
  if (output) return output;
  throw new InterpretError(`The model gave no output "${name}" but ${Object.keys(outputs).join(', ') || 'none'}.`);
}

/** The float32 values of an output of a job with one row. Throws InterpretError when there are not `count` of them. */
export function floatsOf(outputs: OutputMap, name: string, count: number): Float32Array {
  const { data } = outputOf(outputs, name);
  if (data instanceof Float32Array && data.length === count) return data;
  throw new InterpretError(`The output "${name}" has ${data.length} values, expected ${count} of float32.`);
}
