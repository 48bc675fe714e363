import type { FloatPixels, ImageRowSpec } from '../image-row-spec.js';

// Runs in the decoder process: erasable TypeScript only.

/** Bytes of the float32 row of uint8 pixels [height, width, channels]. */
export function floatPixels(
  pixels: Uint8Array,
  { width, height, channels }: ImageRowSpec,
  { layout, scale, mean, std }: FloatPixels,
): Uint8Array {
  const row = new Float32Array(pixels.length);
  const plane = width * height;
  for (let channel = 0; channel < channels; channel++) {
    const offset = mean[channel] ?? mean[0] ?? 0;
    const deviation = std[channel] ?? std[0] ?? 1;
    const table = Float32Array.from({ length: 256 }, (_, value) => (value * scale - offset) / deviation);
    for (let at = 0; at < plane; at++) {
      const value = table[pixels[at * channels + channel] ?? 0] ?? 0;
      row[layout === 'NHWC' ? at * channels + channel : channel * plane + at] = value;
    }
  }
  return new Uint8Array(row.buffer);
}
