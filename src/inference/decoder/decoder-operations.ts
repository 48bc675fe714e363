import type { ImageGeometry, ImageRowSpec } from '../image-row-spec.js';

/** A part of the arena, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly bytes: number;
}

/** What a decoder process can be asked. A refusal carries the reason in plain words. */
export interface DecoderOperations {
  decode: {
    /** One row for each spec. */
    request: {
      readonly source: ByteRange;
      readonly rows: readonly ByteRange[];
      readonly specs: readonly ImageRowSpec[];
    };
    answer: readonly ImageGeometry[];
  };
}
