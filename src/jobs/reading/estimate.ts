import type { JobEstimateDto } from '../dto/job-parts.dto.js';
import type { Range } from '../tenant-outlook.js';

/** A time that begins at an instant, as clients are told of its end. @param atMs epoch ms */
export function estimateOf(atMs: number, range: Range | null): JobEstimateDto | null {
  const at = (ms: number) => new Date(atMs + ms).toISOString();
  return range && { p50: at(range[0]), p90: at(range[1]) };
}

/** The same time as seen from another instant; what is over by then takes no time. */
export function fromInstant(nowMs: number, atMs: number, range: Range | null): Range | null {
  const left = (ms: number) => Math.max(0, atMs + ms - nowMs);
  return range && [left(range[0]), left(range[1])];
}
