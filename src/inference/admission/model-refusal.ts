// Also loaded by the inspection process: erasable TypeScript only.

/** The checks that look at the bytes of an uploaded model, before any native code sees them. */
export type InspectionCheck =
  | 'size'
  | 'format'
  | 'structure'
  | 'operators'
  | 'external_data'
  | 'tensor_size'
  | 'graph_size'
  | 'signature'
  | 'weights';

/** A model file that breaks a rule of the inspection. `check` says which, the message says what and where. */
export class ModelRefusal extends Error {
  readonly check: InspectionCheck;

  constructor(check: InspectionCheck, message: string) {
    super(message);
    this.check = check;
  }
}
