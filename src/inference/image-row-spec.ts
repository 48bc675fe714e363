/**
 * How an encoded picture (JPEG, PNG, WebP) becomes one uint8 row [height, width, channels].
 * - `fill`: stretched to width x height.
 * - `line`: one line of text: grey, contrast stretched, dark on light, scaled to the height (or to the width when it
 *   would be wider), left and top aligned on a white canvas.
 */
export interface ImageRowSpec {
  readonly mode: 'fill' | 'line';
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** From row pixels back to source pixels: source = row / scale. */
export interface ImageGeometry {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  /** Row pixels per source pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
}
