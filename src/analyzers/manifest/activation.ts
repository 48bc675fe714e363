/** What turns a model's raw numbers into probabilities. */
export type Activation = 'none' | 'softmax' | 'sigmoid';

/** Applies an activation to one list of numbers. */
export function activated(values: Float32Array, activation: Activation): Float32Array {
  if (activation === 'none') return values;
  if (activation === 'sigmoid') return values.map((value) => 1 / (1 + Math.exp(-value)));
  const most = values.reduce((max, value) => Math.max(max, value), -Infinity);
  const powers = values.map((value) => Math.exp(value - most)); // subtracting the largest keeps exp finite
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
