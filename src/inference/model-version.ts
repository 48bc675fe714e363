import type { TensorType } from './tensor.js';

/** Name, type and shape of a model's input or output; a string is a symbolic axis ('n' = batch). */
export interface TensorSignature {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly (number | string)[];
  /** An input of a TensorFlow.js model whose rows are uint8: what they are multiplied by to become its float32. */
  readonly scale?: number;
}

/** Lengths to which a symbolic axis is padded; each size is a lane of its own. */
export interface ShapeBuckets {
  readonly axis: number;
  readonly sizes: readonly number[];
}

/** How many copies of a model there are on devices with a memory budget, and whether they may go. */
export interface ModelResidency {
  /** Its copies are never evicted. Default false. */
  readonly pinned?: boolean;
  /** Devices that have a copy from the start and never evict it. Default 0. */
  readonly minCopies?: number;
  /** Copies over all devices. Default: one per device. */
  readonly maxCopies?: number;
}

/** What a model is to whoever sends it tensors. */
export type DescribedModel = Pick<
  ModelVersion,
  'name' | 'version' | 'runtime' | 'inputs' | 'outputs' | 'maxBatchSize' | 'buckets'
>;

/** One immutable version of a model: what an engine loads and what a receipt names. */
export interface ModelVersion {
  /** uuid; its public form is `mdl_...`. Derived from the digest for models that ship with Maru. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** `sha256:` + hex over the sorted list of file name + SHA-256 of each file. */
  readonly digest: string;
  /** Owner; null = shipped with the platform. */
  readonly tenantId: string | null;
  readonly runtime: 'onnx' | 'tensorflow' | 'remote';
  /**
   * Absolute path of the model file, alone in its directory of artefacts: `model.onnx`, `model.json` or `saved_model.pb`.
   * Of a remote model: the name of its server, and what the server calls the model and its version, with slashes.
   */
  readonly file: string;
  readonly sizeBytes: number;
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** Largest inference batch, in rows. */
  readonly maxBatchSize: number;
  /** Device memory of a resident copy at its highest, as measured; absent = estimated from the file. */
  readonly peakBytes?: number;
  /** Where copies are kept on devices that cannot hold every model. */
  readonly residency?: ModelResidency;
  readonly buckets: ShapeBuckets | null;
}
