import v8 from 'node:v8';
import vm from 'node:vm';
import { atMost, type Verdict } from '../report/verdict.js';
import { CostSlice, meanOf, quantileOf } from './cost-slice.js';
import { SteadyCore, type SteadyLoad } from './steady-core.js';

/** Mean that a decision may take, microseconds, by the length of the queue. */
const BARS: Readonly<Record<number, number>> = { 10_000: 50, 100_000: 100 };
const SHAPES: readonly Omit<SteadyLoad, 'queued'>[] = [
  { tenants: 10, lanes: 1, devices: 4 },
  { tenants: 10, lanes: 20, devices: 4 },
  { tenants: 1000, lanes: 200, devices: 16 },
];
const HEAD = [
  'queued',
  'tenants',
  'lanes',
  'devices',
  'event mean',
  'p99',
  'dispatch mean',
  'median',
  'p99',
  'per item',
];
const HEAD_REST = ['enqueue mean', 'steps per item', 'per enqueue', 'heap MB'];
/** Runs until the compiler has done its work. */
const WARM_UP_STEPS = 1000;
const SLICES = 5;
/** A heap that grows by more than this over a million decisions is not flat. */
const FLAT_SHARE = 1.1;

export interface DecisionCosts {
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
}

/**
 * What the core needs for a decision, with queues kept long, and whether its heap stays flat. Shown per handled event; per
 * dispatch, which is the event that ends a run, with the choice and the composition of the next batch; and per item of
 * that batch, for each of up to 32 is chosen, charged and given its receipt. Elementary steps tell how costs grow, also on
 * a machine that is busy with other work.
 */
export function decisionCosts(isQuick: boolean): DecisionCosts {
  const rows: string[][] = [[...HEAD, ...HEAD_REST]];
  const verdicts: Verdict[] = [];
  for (const queued of Object.keys(BARS).map(Number)) {
    for (const shape of isQuick ? SHAPES.slice(-1) : SHAPES) {
      const { slice, heapMb, left } = costOf({ queued, ...shape }, isQuick ? 250 : 5000);
      const counts = [left, shape.tenants, shape.lanes, shape.devices].map(String);
      rows.push([...counts, ...figuresOf(slice), heapMb.toFixed(0)]);
      const where = `at ${queued} queued, ${shape.tenants} tenants, ${shape.lanes} lanes: mean microseconds`;
      verdicts.push(atMost(`decision per event ${where}`, [meanOf(slice.events)], BARS[queued] ?? 0));
      verdicts.push(atMost(`decision per batch of 32 ${where}`, [meanOf(slice.dispatchTimes)], BARS[queued] ?? 0));
    }
  }
  verdicts.push(heapGrowth(isQuick ? 50_000 : 1_000_000));
  return { rows, verdicts };
}

function figuresOf(slice: CostSlice): string[] {
  const { events, dispatchTimes, enqueueTimes } = slice;
  const ofDispatch = [meanOf(dispatchTimes), quantileOf(dispatchTimes, 0.5), quantileOf(dispatchTimes, 0.99)];
  const times = [meanOf(events), quantileOf(events, 0.99), ...ofDispatch, slice.perItem, meanOf(enqueueTimes)];
  return [...times, slice.stepsPerItem, slice.enqueueSteps].map((figure) => figure.toFixed(1));
}

/** The least disturbed of several slices of a run: other work on the machine makes times longer, never shorter. */
function costOf(load: SteadyLoad, steps: number) {
  let slice = new CostSlice();
  const core = new SteadyCore(load, (decision) => slice.add(decision));
  for (let i = 0; i < WARM_UP_STEPS; i += 1) core.step();
  let best = slice;
  for (let n = 0; n < SLICES; n += 1) {
    slice = new CostSlice();
    for (let i = 0; i < steps / SLICES; i += 1) core.step();
    if (n === 0 || meanOf(slice.dispatchTimes) < meanOf(best.dispatchTimes)) best = slice;
  }
  const heapMb = heapBytes() / 1e6;
  return { slice: best, heapMb, left: core.queued };
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
