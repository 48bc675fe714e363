import type { LaneSpec } from '../machine/scenario.js';

/** A profile like ResNet's on a GPU of 2018: L(b) = 1.082 b + 5.204 ms. */
export const RESNET = { a: 1.082, c: 5.204 };

/** `count` equal models. */
export function lanes(count: number, spec: LaneSpec): LaneSpec[] {
  return Array.from({ length: count }, () => spec);
}
