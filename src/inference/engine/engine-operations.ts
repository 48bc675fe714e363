import type { TensorSignature } from '../model-version.js';
import type { TensorData, TensorType } from '../tensor.js';

/** Where an engine runs a model. */
export interface Placement {
  /** Execution provider of ONNX Runtime, or backend of TensorFlow.js. */
  readonly provider: string;
  /** Index of the GPU; 0 for the CPU. */
  readonly deviceIndex: number;
  /** Threads inside one operator (CPU). */
  readonly threads: number;
}

/** Name, element type and shape as the runtime reports them. */
export interface ReportedTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** One input of a run; the engine gathers its rows, wherever they lie in the arena. */
export interface Feed {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly rowBytes: number;
  /** Of each row, in bytes from the start of the arena. */
  readonly offsets: readonly number[];
}

/** An output: small ones carry their data, large ones lie in the room that the request named. */
export interface RunOutput {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: TensorData | null;
  /** Bytes from the start of the room; 0 with `data`. */
  readonly at: number;
}

/** What an engine process can be asked. `key` is the id of a model version. */
export interface EngineOperations {
  load: {
    request: {
      readonly key: string;
      readonly file: string;
      readonly placement: Placement;
      /** As the catalog has it. */
      readonly signature: {
        readonly inputs: readonly TensorSignature[];
        readonly outputs: readonly TensorSignature[];
      };
    };
    answer: { readonly inputs: readonly ReportedTensor[]; readonly outputs: readonly ReportedTensor[] };
  };
  unload: { request: { readonly key: string }; answer: null };
  run: {
    request: {
      readonly key: string;
      readonly feeds: readonly Feed[];
      readonly room: { readonly offset: number; readonly bytes: number } | null;
    };
    answer: { readonly ms: number; readonly outputs: readonly RunOutput[] };
  };
}
