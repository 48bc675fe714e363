import type { Rectangle } from '../box-schema.js';

/** A rectangle that a detector proposes. */
export interface Candidate extends Rectangle {
  /** Index of its label. */
  readonly label: number;
  readonly score: number;
}

/**
 * Keeps the best box of every heap of boxes of one label: greedy non-maximum suppression, best first, at most `limit`.
 * @param overlap intersection over union above which the weaker box goes
 */
export function withoutOverlaps(candidates: readonly Candidate[], overlap: number, limit: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === limit) break;
    const isCovered = kept.some((box) => box.label === candidate.label && unionPart(box, candidate) > overlap);
    if (!isCovered) kept.push(candidate);
  }
  return kept;
}

/** Intersection over union, 0..1. */
function unionPart(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}
