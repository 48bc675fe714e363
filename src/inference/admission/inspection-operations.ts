import type { ModelFacts } from './model-facts.js';
import type { InspectionCheck } from './model-refusal.js';

/** The files of one runtime's artifact. */
export interface ArtifactFiles {
  readonly runtime: 'onnx' | 'tensorflow';
  /** Absolute. */
  readonly directory: string;
  readonly files: readonly string[];
}

/** What the inspection found: facts of a file that may be loaded, or why it may not. */
export type InspectionVerdict =
  { readonly facts: ModelFacts } | { readonly refusal: { readonly check: InspectionCheck; readonly message: string } };

/** What an inspection process can be asked. */
export interface InspectionOperations {
  inspect: { request: ArtifactFiles; answer: InspectionVerdict };
}
