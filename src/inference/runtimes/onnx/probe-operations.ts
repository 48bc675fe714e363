import type { Placement } from '../../engine/engine-operations.js';

/** What the probe process can be asked: one provider against the CPU, on the same model. */
export interface ProbeOperations {
  compare: {
    request: { readonly file: string; readonly placement: Placement };
    answer: {
      readonly cpuMs: number;
      readonly ms: number;
      /** Largest absolute difference of one output value. */
      readonly maxDifference: number;
    };
  };
}
