/**
 * What if: replays a recorded trace against another number of devices, weights or limits, and says per tenant who would
 * have met their deadlines, beside what was recorded and beside a replay of the record itself.
 */
import { printTable } from './report/print.js';
import { byTenant, changes, recordedOutcome, type TenantOutcome } from './whatif/compare.js';
import { simulateOptions, type SimulateOptions, USAGE } from './whatif/options.js';
import { readRecordedRange } from './whatif/recorded-range.js';
import { recordedDevices, replayTrace } from './whatif/replay.js';
import { readTrace, type Trace, writeTrace } from './whatif/trace.js';

const options = readOptions();
const trace = await load(options);
if (options.save) writeTrace(options.save, trace);
const replayed = replayTrace(trace, {});
const changed = replayTrace(trace, options.change);
const recorded = byTenant(trace, recordedOutcome(trace));
const before = byTenant(trace, replayed);
const after = byTenant(trace, changed);
const moved = changes(trace, replayed, changed);
const rows = [...recorded.keys()].map((tenant) => {
  const { gained = 0, lost = 0 } = moved.get(tenant) ?? {};
  const cells = [recorded, before, after].flatMap((outcomes) => cellsOf(outcomes.get(tenant)));
  return [tenant, ...cells, `+${gained} -${lost}`];
});
const heads = ['recorded', 'replay', 'what if'].flatMap((name) => [`${name}: on time %`, 'p50 ms', 'p99 ms']);
console.log(
  `${trace.items.length} items, ${recorded.size} tenants, ${recordedDevices(trace)} devices. ` +
    `Replay: as recorded. What if: ${options.words || 'no change'}.`,
);
printTable('By tenant', [['tenant', ...heads, 'deadlines'], ...rows]);

function cellsOf(outcome: TenantOutcome | undefined): string[] {
  if (!outcome) return ['-', '-', '-'];
  const share = Number.isNaN(outcome.onTimeShare) ? '-' : (100 * outcome.onTimeShare).toFixed(1);
  return [share, shown(outcome.p50Ms), shown(outcome.p99Ms)];
}

function shown(ms: number): string {
  return Number.isNaN(ms) ? '-' : ms.toFixed(1);
}

async function load({ trace: file, range }: SimulateOptions): Promise<Trace> {
  try {
    return await (range ? readRecordedRange(range) : readTrace(file ?? ''));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function readOptions(): SimulateOptions {
  try {
    return simulateOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}
