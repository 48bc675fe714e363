import type { TensorType } from '../tensor.js';

// Also loaded by the inspection process: erasable TypeScript only.

/** A tensor at the edge of a model, as its file declares it. A string in `shape` is a symbolic axis, null an unknown one. */
export interface DeclaredTensor {
  readonly name: string;
  /** Null: a type that cannot cross the engine (text, sequence, map, half precision). */
  readonly type: TensorType | null;
  /** Null: the file does not say. */
  readonly shape: readonly (number | string | null)[] | null;
}

/** What the inspection learned of a model's files. */
export interface ModelFacts {
  readonly nodes: number;
  /** Elements of all constants. */
  readonly weights: number;
  readonly operators: readonly string[];
  /** Null: only loading tells (layers models). */
  readonly inputs: readonly DeclaredTensor[] | null;
  readonly outputs: readonly DeclaredTensor[] | null;
}
