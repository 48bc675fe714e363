/** Number of SLO classes: half octaves from 1 ms to 2^31 ms. */
export const SLO_CLASSES = 64;

/** Class of an SLO; a tighter SLO has a smaller class or the same. */
export function sloClassOf(sloMs: number): number {
  return Math.max(0, Math.min(SLO_CLASSES - 1, Math.round(2 * Math.log2(Math.max(1, sloMs)))));
}
