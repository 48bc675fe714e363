import type { LaneSpec } from '../machine/scenario.js';
import { medianOf } from '../report/verdict.js';
import { groupedBy } from './grouped-by.js';
import type { Trace, TraceItem } from './trace.js';

/** Least time that one unit adds to a run, ms. */
const MIN_UNIT_MS = 0.001;
const DEFAULT_SLO_MS = 1000;

/** The lanes of a trace, with the line that fits their recorded runs best. */
export interface RecordedLanes {
  readonly lanes: readonly LaneSpec[];
  /** Lane of an item. */
  laneOf(item: TraceItem): number;
}

/**
 * Fits L(b) = a*b + c to the inference batches of each lane by least squares. Runs of one size only say nothing about c:
 * then c is 0. A lane without a recorded cost gets the mean of the others.
 * @throws Error when nothing in the trace has a cost
 */
export function recordedLanes({ items }: Trace): RecordedLanes {
  const byLane = groupedBy(items, laneName);
  const names = [...byLane.keys()];
  const lines = names.map((name) => lineOf(byLane.get(name) ?? []));
  const known = lines.filter((line) => line !== null);
  if (known.length === 0) throw new Error('No item of the trace has a cost: record device times with it.');
  const typical = { a: medianOf(known.map(({ a }) => a)), c: medianOf(known.map(({ c }) => c)) };
  const index = new Map(names.map((name, i) => [name, i]));
  return {
    lanes: names.map((name, i) => ({ ...(lines[i] ?? typical), sloMs: sloOf(byLane.get(name) ?? []) })),
    laneOf: (item) => index.get(laneName(item)) ?? 0,
  };
}

function laneName({ model, bucket }: TraceItem): string {
  return `${model}/${bucket}`;
}

function lineOf(items: readonly TraceItem[]): { a: number; c: number } | null {
  const runs = runsOf(items);
  if (runs.length === 0) return null;
  const meanSize = runs.reduce((sum, { size }) => sum + size, 0) / runs.length;
  const meanMs = runs.reduce((sum, { ms }) => sum + ms, 0) / runs.length;
  const spread = runs.reduce((sum, { size }) => sum + (size - meanSize) ** 2, 0);
  if (spread === 0) return { a: Math.max(MIN_UNIT_MS, meanMs / meanSize), c: 0 };
  const slope = runs.reduce((sum, { size, ms }) => sum + (size - meanSize) * (ms - meanMs), 0) / spread;
  const a = Math.min(Math.max(MIN_UNIT_MS, slope), meanMs / meanSize);
  return { a, c: Math.max(0, meanMs - a * meanSize) };
}

/** Size and time of every recorded run; an item without a batch is a run of its own. */
function runsOf(items: readonly TraceItem[]): { size: number; ms: number }[] {
  const runs = new Map<string, { size: number; ms: number }>();
  items.forEach((item, i) => {
    if (item.cost <= 0) return;
    const key = item.batch ?? `alone ${i}`;
    const run = runs.get(key) ?? { size: 0, ms: 0 };
    run.size += item.size;
    run.ms += item.cost;
    runs.set(key, run);
  });
  return [...runs.values()];
}

function sloOf(items: readonly TraceItem[]): number {
  const slos = items.filter(({ deadline }) => deadline < Infinity).map(({ deadline, at }) => deadline - at);
  return slos.length > 0 ? Math.max(1, medianOf(slos)) : DEFAULT_SLO_MS;
}
