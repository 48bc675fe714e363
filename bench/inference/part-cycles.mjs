import fs from 'node:fs';
import { printTable, rounded, verdict } from '../jobs/figures.mjs';
import { Rig, sampleRows } from './rig.mjs';

const MODELS = ['surface-net', 'signal-net'];
const POINTS = 10;
/** Grows of the engine between the second and the last point that count as flat, MiB: an allocator never gives all back. */
const FLAT_MIB = 16;

/** Loads, runs and unloads two models in turn, and looks at the memory of the engine and of this process. */
export async function cycles(size) {
  const rig = new Rig();
  const rows = [];
  try {
    const every = Math.ceil(size.cycles / POINTS);
    let from = performance.now();
    for (let i = 1; i <= size.cycles; i++) {
      await cycle(rig, MODELS[i % MODELS.length]);
      if (i % every !== 0) continue;
      const ms = (performance.now() - from) / every;
      rows.push({
        cycles: i,
        'ms a cycle': rounded(ms),
        'engine MiB': rssMiB(rig.enginePid()),
        'own MiB': rssMiB('self'),
      });
      from = performance.now();
    }
  } finally {
    await rig.close();
  }
  printTable('Load, run, unload', rows);
  const [second, last] = [rows[1], rows.at(-1)];
  const grown = rounded(last['engine MiB'] - second['engine MiB']);
  const text = `${grown} MiB from cycle ${second.cycles} to ${last.cycles}`;
  return { rows, verdicts: [verdict('memory of the engine over loads and unloads', text, 'flat', grown <= FLAT_MIB)] };
}

async function cycle(rig, name) {
  const model = rig.models.byName(name);
  const loaded = await rig.load(name);
  const items = await rig.items(model, sampleRows(model, 1));
  await rig.run(loaded, items);
  for (const { inputs } of items) for (const { rows } of Object.values(inputs)) rig.arena.free(rows[0]);
  await rig.runtime.unload(loaded);
}

function rssMiB(pid) {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  return rounded(Number(kib) / 1_024);
}
