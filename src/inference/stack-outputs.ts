import { type OutputMap, type OutputTensor, TENSOR_ARRAYS } from './tensor.js';

/**
 * The outputs of several items as those of one: axis 0 holds their rows one after the other. Empty for no items.
 * @throws Error when the items differ in names, types or dimensions of a row
 */
export function stackOutputs(items: readonly OutputMap[]): OutputMap {
  const [first] = items;
  if (!first || items.length === 1) return first ?? {};
  return Object.fromEntries(Object.keys(first).map((name) => [name, stacked(name, items)]));
}

function stacked(name: string, items: readonly OutputMap[]): OutputTensor {
  const parts = items.map((item) => item[name]).filter((part) => part !== undefined);
  const [first] = parts;
  const shapeOf = ({ type, dims }: OutputTensor) => `${type} [${dims.slice(1).join()}]`;
  if (!first || parts.length < items.length || parts.some((part) => shapeOf(part) !== shapeOf(first))) {
    throw new Error(`The rows of one job gave outputs "${name}" of different shapes.`);
  }
  const data = new TENSOR_ARRAYS[first.type](parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  const rows = parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  return { type: first.type, dims: [rows, ...first.dims.slice(1)], data };
}
