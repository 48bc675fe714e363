/** One measured batch size: rows and ms. */
export interface CostSample {
  readonly size: number;
  readonly ms: number;
}

/**
 * Fits L(b) = a*b + c (ms) by least squares, weighted by relative error so that small sizes count as much as large
 * ones. `a` is at least 1e-6 and `c` at least 0; a single sample is all slope.
 */
export function fitCost(samples: readonly CostSample[]): { readonly a: number; readonly c: number } {
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const { size, ms } of samples) {
    const weight = 1 / Math.max(ms, 1e-3) ** 2;
    s += weight;
    sx += weight * size;
    sy += weight * ms;
    sxx += weight * size * size;
    sxy += weight * size * ms;
  }
  const spread = s * sxx - sx * sx;
  const slope = samples.length > 1 && spread > 0 ? (s * sxy - sx * sy) / spread : sy / sx;
  const a = Math.max(slope, 1e-6);
  return { a, c: Math.max((sy - a * sx) / s, 0) };
}

/** The middle of the values; the lower one of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}
