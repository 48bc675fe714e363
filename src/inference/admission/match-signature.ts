import type { TensorSignature } from '../model-version.js';
import type { TensorType } from '../tensor.js';
import type { DeclaredTensor, ModelFacts } from './model-facts.js';
import { ModelRefusal } from './model-refusal.js';

/** A tensor as the uploader describes it. */
export interface ExpectedTensor {
  readonly name: string;
  /** Null: any numeric type. */
  readonly type: TensorType | null;
  /** Without the batch axis. */
  readonly rowShape?: readonly number[];
  /** Elements of one row, whatever their shape; instead of `rowShape`. */
  readonly rowElements?: number;
  /** Range of the values that it will be fed with. */
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ExpectedTensors {
  readonly inputs: readonly ExpectedTensor[];
  readonly outputs: readonly ExpectedTensor[];
}

/** What an engine will be held to. */
export interface MatchedSignature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  readonly maxBatchSize: number;
}

/**
 * Compares what a file declares with what its uploader describes: the same inputs and outputs by name, of the same types
 * and shapes, only the first axis free. A model that fixes it at 1 is served one row at a time.
 * Throws ModelRefusal with check `signature`.
 */
export function matchSignature(facts: ModelFacts, expected: ExpectedTensors, maxBatchSize: number): MatchedSignature {
  const inputs = matchAll('input', facts.inputs, expected.inputs);
  const outputs = matchAll('output', facts.outputs, expected.outputs);
  const first = inputs.map(({ shape }) => shape[0]);
  if (first.some((dim) => typeof dim === 'number' && dim !== 1)) {
    throw refused(`the first axis of the inputs must be symbolic or 1; the file has ${first.join(', ')}`);
  }
  return { inputs, outputs, maxBatchSize: first.includes(1) ? 1 : maxBatchSize };
}

function matchAll(
  what: 'input' | 'output',
  declared: readonly DeclaredTensor[] | null,
  expected: readonly ExpectedTensor[],
): TensorSignature[] {
  const found = declared ?? expected.map((tensor) => undeclared(tensor));
  const names = (tensors: readonly { readonly name: string }[]) =>
    tensors
      .map(({ name }) => name)
      .sort()
      .join(', ');
  // An output that nobody asked for would be computed and thrown away; an engine compares all of them.
  if (names(found) !== names(expected)) {
    throw refused(`the file has the ${what}s ${names(found) || '(none)'}, the manifest names ${names(expected)}`);
  }
  return found.map((tensor) =>
    match(what, tensor, expected.find(({ name }) => name === tensor.name) as ExpectedTensor),
  );
}

function match(what: string, { name, type, shape }: DeclaredTensor, expected: ExpectedTensor): TensorSignature {
  const is = `the ${what} ${name}`;
  if (type === null) throw refused(`${is} has a type that cannot be served; convert it to float32 in the graph`);
  if (expected.type !== null && type !== expected.type) {
    throw refused(`${is} is ${type} in the file and ${expected.type} in the manifest`);
  }
  if (shape === null || shape.length === 0) throw refused(`${is} has no batch axis in the file`);
  const [batch, ...row] = shape;
  const free = row.find((dim) => typeof dim !== 'number');
  if (free !== undefined) {
    throw refused(`${is} has a second free axis (${free ?? '?'}) in the file; only the first one may be free`);
  }
  const sizes = row.map(Number);
  const wanted = expected.rowShape;
  const elements = sizes.reduce((product, dim) => product * dim, 1);
  const fits = wanted ? sizes.join() === wanted.join() : elements === expected.rowElements;
  if (!fits) {
    const says = wanted ? `[n, ${wanted.join(', ')}]` : `${expected.rowElements} values in a row`;
    throw refused(
      `${is} has the shape [${[batch ?? 'n', ...sizes].join(', ')}] in the file, the manifest says ${says}`,
    );
  }
  return { name, type, shape: [typeof batch === 'number' ? batch : 'n', ...sizes] };
}

/** For a file that does not declare its tensors: the manifest stands in, and the engine compares when it loads. */
function undeclared({ name, type, rowShape, rowElements }: ExpectedTensor): DeclaredTensor {
  return { name, type: type ?? 'float32', shape: ['n', ...(rowShape ?? [rowElements ?? 1])] };
}

function refused(message: string): ModelRefusal {
  return new ModelRefusal('signature', message);
}
