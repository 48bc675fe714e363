import type { TensorflowBackend } from './tensorflow-packages.js';

/** What the probe process can be asked. */
export interface BackendProbeOperations {
  start: {
    request: { readonly backend: TensorflowBackend };
    answer: { readonly version: string; readonly usesGpu: boolean };
  };
}
