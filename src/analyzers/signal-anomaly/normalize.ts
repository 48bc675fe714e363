/** Longest series of each shape bucket; a series goes into the smallest one that holds it. */
export const BUCKETS: readonly number[] = [256, 1024, 4096];

/** Samples that one score covers. */
export const WINDOW = 32;

const CLIP = 8;

/** The value below which this share of the sorted values lies, linearly interpolated. */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const left = sorted[low] ?? 0;
  const right = sorted[Math.min(low + 1, sorted.length - 1)] ?? left;
  return left + (right - left) * (at - low);
}

/** Values beyond this are scaled down first, so that differences stay finite. */
const HUGE = 1e150;

/** The interquartile range; the standard deviation when that is 0; 1 for a constant series. */
function spreadOf(sorted: Float64Array, median: number): number {
  const middle = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (middle > 0) return middle;
  const squares = sorted.reduce((sum, value) => sum + (value - median) ** 2, 0);
  return Math.sqrt(squares / sorted.length) || 1;
}

/**
 * (x - median) / IQR, clipped to +-8. A series whose middle half is one value falls back to its standard deviation,
 * a constant series becomes all zeros.
 */
export function normalizeSignal(values: ArrayLike<number>): Float32Array {
  const plain = Float64Array.from(values);
  const peak = plain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scaled = peak > HUGE ? plain.map((value) => value / peak) : plain;
  const sorted = scaled.toSorted();
  const median = quantile(sorted, 0.5);
  const spread = spreadOf(sorted, median);
  return Float32Array.from(scaled, (value) => Math.min(CLIP, Math.max(-CLIP, (value - median) / spread)));
}

/** The bucket for a series of this length, undefined when it is too long. */
export function bucketFor(length: number): number | undefined {
  return BUCKETS.find((size) => size >= length);
}

/** Continues a series to the bucket's length by mirroring it at its end, so that padding adds neither a step nor a flat line. */
export function padMirrored(values: Float32Array, length: number): Float32Array {
  const period = Math.max(1, 2 * (values.length - 1));
  return Float32Array.from({ length }, (_, i) => {
    const at = i % period;
    return values[at < values.length ? at : period - at] ?? 0;
  });
}
