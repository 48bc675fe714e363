import { type FileReference, type FileRule, fileSchema, type JsonSchema } from './analyzer.js';

/** Pictures that the built-in analyzers take: at most 10 MiB encoded and 24 megapixels decoded. */
const PICTURE: FileRule = {
  accept: ['image/jpeg', 'image/png', 'image/webp'],
  maxBytes: 10 * 2 ** 20,
  maxPixels: 24_000_000,
};

/** Longest time that one job with a picture may take, in milliseconds. */
export const PICTURE_LIMITS = { maxInputBytes: PICTURE.maxBytes, maxDurationMs: 30_000 };

/** Input of an analyzer that looks at one picture. */
export interface ImageInput {
  readonly image: FileReference;
  readonly threshold?: number;
}

/** Schema of a picture field. */
export function pictureSchema(description: string): JsonSchema {
  return fileSchema(PICTURE, description);
}

/** Schema of a probability that a client may set. */
export function thresholdSchema(description: string, byDefault: number): JsonSchema {
  return { type: 'number', description, minimum: 0, maximum: 1, default: byDefault };
}
