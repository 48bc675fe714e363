// Also loaded by the inspection process: erasable TypeScript only.

const MIB = 2 ** 20;

/** Bounds of an uploaded ONNX file. */
export interface OnnxLimits {
  readonly maxBytes: number;
  /** Operators of the graph and all its subgraphs. */
  readonly maxNodes: number;
  /** Depth of subgraphs. */
  readonly maxDepth: number;
  /** Elements of one tensor. */
  readonly maxElements: number;
  /** Protobuf fields that are walked: bounds the time of the inspection itself. */
  readonly maxFields: number;
  readonly domains: ReadonlySet<string>;
  /** Operators that can run for ever, or that carry compiled code. */
  readonly deniedOperators: ReadonlySet<string>;
}

/** 200,000 nodes take 11.7 s to load, 20,000 well under a second; 2^29 elements of float32 are 2 GiB. */
export const ONNX_LIMITS: OnnxLimits = {
  maxBytes: 512 * MIB,
  maxNodes: 20_000,
  maxDepth: 8,
  maxElements: 2 ** 29,
  maxFields: 5_000_000,
  domains: new Set(['', 'ai.onnx', 'ai.onnx.ml']),
  deniedOperators: new Set(['Loop', 'Scan', 'EPContext']),
};

/** Bounds of an uploaded TensorFlow.js model. */
export interface TfjsLimits {
  readonly maxJsonBytes: number;
  readonly maxWeightBytes: number;
  readonly maxNodes: number;
  readonly maxLayers: number;
  /** Nesting of a layers model's configuration. */
  readonly maxDepth: number;
  /** Largest number in a layer's configuration: `units: 1e9` allocates before any weight is read. */
  readonly maxNumber: number;
  readonly deniedOperators: ReadonlySet<string>;
}

export const TFJS_LIMITS: TfjsLimits = {
  maxJsonBytes: 8 * MIB,
  maxWeightBytes: 512 * MIB,
  maxNodes: 20_000,
  maxLayers: 2_000,
  maxDepth: 40,
  maxNumber: 2 ** 20,
  deniedOperators: new Set(['While', 'StatelessWhile', 'Enter', 'Exit', 'NextIteration', 'LoopCond']),
};
