import path from 'node:path';

/** The shipped models, one folder each. */
export const SLUGS = ['surface-inspection', 'digit-reader', 'signal-anomaly', 'meter-reader'];

/** Everything is trained from this seed. */
export const SEED = 1;

/** Absolute path of a file of one model. */
export function modelPath(slug, ...parts) {
  return path.join(import.meta.dirname, '..', slug, ...parts);
}
