/** Turns the uint8 pixels of a row into float32: value * scale, minus the mean, divided by the deviation, per channel. */
export interface FloatPixels {
  readonly layout: 'NHWC' | 'NCHW';
  readonly scale: number;
  /** One number, or one per channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** A part of a picture, in pixels of the upright picture. */
export interface PictureRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * How an encoded picture (JPEG, PNG, WebP) becomes one uint8 row [height, width, channels].
 * - `fill`: stretched to width x height.
 * - `cover`: scaled until it covers width x height, the middle is kept.
 * - `contain`: scaled until it fits, left and top aligned on black.
 * - `line`: one line of text: grey, contrast stretched, dark on light, scaled to the height (or to the width when it
 *   would be wider), left and top aligned on a white canvas.
 */
export interface ImageRowSpec {
  readonly mode: 'fill' | 'cover' | 'contain' | 'line';
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Given: the row is float32, in this layout. */
  readonly float?: FloatPixels;
  /** Given: only this part of the picture, cut to whole pixels inside of it. */
  readonly region?: PictureRegion;
}

/** Bytes of such a row. */
export function imageRowBytes({ width, height, channels, float }: ImageRowSpec): number {
  return width * height * channels * (float ? 4 : 1);
}

/** From row pixels back to source pixels: source = row / scale, plus the corner of the region. */
export interface ImageGeometry {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  /** Row pixels per source pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Corner of the region in source pixels; absent = the whole picture. */
  readonly left?: number;
  readonly top?: number;
}
