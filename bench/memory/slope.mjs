import { median, rounded } from '../jobs/figures.mjs';

/** A process is flat when it gains no more than this share of its size a minute, ... */
const SLOPE_SHARE = 0.01;
/** ... and at the end is no larger than this multiple of what it was after the warm-up. */
const GROWTH = 1.05;

/** Gain per minute of the straight line of least squares through `{ minute, mib }`, and the mean. */
export function lineThrough(points) {
  const minutes = points.reduce((sum, p) => sum + p.minute, 0) / points.length;
  const mib = points.reduce((sum, p) => sum + p.mib, 0) / points.length;
  const spread = points.reduce((sum, p) => sum + (p.minute - minutes) ** 2, 0);
  const product = points.reduce((sum, p) => sum + (p.minute - minutes) * (p.mib - mib), 0);
  return { mibPerMinute: product / spread, meanMiB: mib };
}

/**
 * Whether the memory of one process stayed flat after the warm-up.
 * @param samples all of the run: `{ minute, processes }`
 * @param times `{ warmUpMin, windowMin, endMin }`
 */
export function judge(samples, pid, { warmUpMin, windowMin, endMin }) {
  const points = samples.flatMap(({ minute, processes }) => {
    const own = processes.find((p) => p.pid === pid);
    return own ? [{ minute, mib: own.rssMiB }] : [];
  });
  const warm = points.filter((p) => p.minute >= warmUpMin);
  const wanted = samples.filter((s) => s.minute >= warmUpMin).length;
  if (warm.length < wanted || wanted < 3) return { verdict: 'NOT met', why: 'it did not live through the run' };
  const { mibPerMinute, meanMiB } = lineThrough(warm);
  const of = (from, to) => median(warm.filter((p) => p.minute >= from && p.minute <= to).map((p) => p.mib));
  const [firstMiB, lastMiB] = [of(warmUpMin, warmUpMin + windowMin), of(endMin - windowMin, endMin)];
  const boundMiB = meanMiB * SLOPE_SHARE;
  const isMet = mibPerMinute <= boundMiB && lastMiB <= firstMiB * GROWTH;
  const figures = { firstMiB, lastMiB, mibPerMinute, boundMiB, growth: lastMiB / firstMiB };
  for (const [name, value] of Object.entries(figures)) figures[name] = rounded(value);
  return isMet ? { ...figures, verdict: 'met' } : { ...figures, verdict: 'NOT met', why: 'it grew' };
}
