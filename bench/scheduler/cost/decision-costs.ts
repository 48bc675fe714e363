import v8 from 'node:v8';
import vm from 'node:vm';
import { atMost, type Verdict } from '../report/verdict.js';
import { SteadyCore, type SteadyLoad } from './steady-core.js';

/** Mean that a decision may take, microseconds, by the length of the queue. */
const BARS: Readonly<Record<number, number>> = { 10_000: 50, 100_000: 100 };
const SHAPES: readonly Omit<SteadyLoad, 'queued'>[] = [
  { tenants: 10, lanes: 1, devices: 4 },
  { tenants: 10, lanes: 20, devices: 4 },
  { tenants: 1000, lanes: 200, devices: 16 },
];
/** Runs until the compiler has done its work. */
const WARM_UP_STEPS = 1000;
const SLICES = 5;
/** A heap that grows by more than this over a million decisions is not flat. */
const FLAT_SHARE = 1.1;

/** Microseconds per event. */
interface Slice {
  readonly dispatch: number[];
  readonly enqueue: number[];
}

export interface DecisionCosts {
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
}

/**
 * What the core needs for a decision, with queues kept long, and whether its heap stays flat. A decision is one handled
 * event; a dispatch is the event after which a batch of up to 32 items leaves, a 33rd of all.
 */
export function decisionCosts(isQuick: boolean): DecisionCosts {
  const rows: string[][] = [
    ['queued', 'tenants', 'lanes', 'devices', 'event mean', 'p99', 'dispatch mean', 'p99', 'enqueue mean', 'heap MB'],
  ];
  const verdicts: Verdict[] = [];
  for (const queued of Object.keys(BARS).map(Number)) {
    for (const shape of isQuick ? SHAPES.slice(-1) : SHAPES) {
      const load = { queued, ...shape };
      const { dispatch, enqueue, heapMb, queued: left } = costOf(load, isQuick ? 250 : 5000);
      const counts = [left, shape.tenants, shape.lanes, shape.devices].map(String);
      const all = [...dispatch, ...enqueue];
      const times = [meanOf(all), p99Of(all), meanOf(dispatch), p99Of(dispatch), meanOf(enqueue)];
      rows.push([...counts, ...times.map((us) => us.toFixed(1)), heapMb.toFixed(0)]);
      const where = `at ${queued} queued, ${shape.tenants} tenants, ${shape.lanes} lanes: mean microseconds`;
      verdicts.push(atMost(`decision per event ${where}`, [meanOf(all)], BARS[queued] ?? 0));
      verdicts.push(atMost(`decision per batch of 32 ${where}`, [meanOf(dispatch)], BARS[queued] ?? 0));
    }
  }
  verdicts.push(heapGrowth(isQuick ? 50_000 : 1_000_000));
  return { rows, verdicts };
}

/** The least disturbed of several slices of a run: other work on the machine makes times longer, never shorter. */
function costOf(load: SteadyLoad, steps: number) {
  let slice: Slice = { dispatch: [], enqueue: [] };
  const core = new SteadyCore(load, (type, ms) => {
    if (type === 'completed') slice.dispatch.push(ms * 1000);
    if (type === 'enqueue') slice.enqueue.push(ms * 1000);
  });
  for (let i = 0; i < WARM_UP_STEPS; i += 1) core.step();
  let best = slice;
  for (let n = 0; n < SLICES; n += 1) {
    slice = { dispatch: [], enqueue: [] };
    for (let i = 0; i < steps / SLICES; i += 1) core.step();
    if (n === 0 || meanOf(slice.dispatch) < meanOf(best.dispatch)) best = slice;
  }
  const heapMb = heapBytes() / 1e6;
  return { ...best, heapMb, queued: core.queued };
}

function heapGrowth(decisions: number): Verdict {
  let count = 0;
  const core = new SteadyCore({ queued: 10_000, tenants: 100, lanes: 20, devices: 4 }, () => (count += 1));
  while (count < decisions / 10) core.step();
  const before = heapBytes();
  while (count < decisions) core.step();
  const growth = heapBytes() / before;
  // The core is used once more, so that it is still there when its heap is measured.
  if (core.queued < 10_000) throw new Error('The queue did not stay as long as it should.');
  return atMost(`heap after ${decisions} decisions over that after a tenth of them`, [growth], FLAT_SHARE);
}

/** Bytes in use after a full collection. */
function heapBytes(): number {
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function p99Of(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? NaN;
}
