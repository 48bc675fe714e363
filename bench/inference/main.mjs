/**
 * The platform against bare calls of the same runtime on the same inputs: what the engine process adds to a batch, how many
 * picture jobs a second come through, and memory over many loads and unloads. Needs `dist`.
 * Usage: npm run bench:inference -- [--quick] [--only engines,pictures,cycles]
 */
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { printTable } from '../jobs/figures.mjs';
import { cycles } from './part-cycles.mjs';
import { engines } from './part-engines.mjs';
import { pictures } from './part-pictures.mjs';

const PARTS = { engines, pictures, cycles };
const FULL = { rounds: 40, cycles: 1_000, direct: 600, jobs: 3_000, repeats: 3 };
const QUICK = { rounds: 8, cycles: 60, direct: 120, jobs: 800, repeats: 1 };
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: Object.keys(PARTS).join() } },
});
const size = values.quick ? QUICK : FULL;
const startedAt = new Date();
const machine = { cpus: os.availableParallelism(), load: os.loadavg()[0], node: process.version };
console.log(`node ${machine.node}, ${machine.cpus} CPUs, load ${machine.load.toFixed(1)} before the start`);

const results = {};
for (const name of values.only.split(',').filter((part) => part in PARTS)) results[name] = await PARTS[name](size);
printTable(
  'Targets',
  Object.values(results).flatMap(({ verdicts }) => verdicts),
);
fs.mkdirSync('bench/out', { recursive: true });
fs.writeFileSync(
  'bench/out/inference.json',
  JSON.stringify({ startedAt, quick: values.quick, machine, results }, null, 2),
);
console.log(`\n${Math.round((Date.now() - startedAt.getTime()) / 1_000)} s`);
