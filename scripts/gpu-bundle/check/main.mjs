/**
 * The self-check of a bundle: what this host has, which providers serve, the conformance suite and the batching curves on
 * each of them, and jobs end to end. Ends with 0 when everything that is available passed.
 * Usage: ./check.sh [--jobs 240] [--limit-seconds 450] [--report <file>] [--only host,conformance,batching,pipeline]
 * Providers are always tried.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { conformance } from './conformance.mjs';
import { curves } from './curves.mjs';
import { linkProviderLibraries } from './drivers.mjs';
import { host } from './host.mjs';
import { pipeline } from './pipeline.mjs';
import { Platform } from './platform.mjs';
import { providers } from './providers.mjs';
import { TimeBudget } from './time-budget.mjs';
import { Verdicts } from './verdicts.mjs';

const LIMITS_MS = { providers: 120_000, conformance: 90_000, batching: 90_000, start: 130_000, pipeline: 120_000 };
const root = path.resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '240' },
    'limit-seconds': { type: 'string', default: '450' },
    report: { type: 'string', default: path.join(root, 'report.json') },
    only: { type: 'string', default: 'host,conformance,batching,pipeline' },
  },
});
const wanted = new Set(values.only.split(','));
const verdicts = new Verdicts();
const budget = new TimeBudget(Number(values['limit-seconds']) * 1_000);
const report = { startedAt: new Date().toISOString() };
const began = performance.now();

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void Platform.stopAll().then(() => process.exit(130)));
linkProviderLibraries(root);
if (wanted.has('host')) report.host = host();
const found = (await part('providers', 'all', () => providers(root, verdicts))) ?? { targets: [], chosen: [] };
report.providers = found;
if (wanted.has('conformance')) report.conformance = await onEach('conformance', conformance);
if (wanted.has('batching')) report.batching = await onEach('batching', curves);
if (wanted.has('pipeline')) report.pipeline = await pipelines();
await finish();

async function onEach(name, work) {
  const results = {};
  for (const target of found.targets)
    results[target.name] = await part(name, target.name, () => work(root, target, verdicts));
  return results;
}

/** As an operator starts it who sets nothing, then with each accelerator alone. */
async function pipelines() {
  const kinds = found.targets.filter(({ runtime }) => runtime === 'onnx').map((target) => target.wanted[0]);
  const alone = kinds.filter((kind) => kind !== 'cpu' && found.chosen.join() !== kind);
  const results = {};
  for (const devices of ['auto', ...alone]) {
    const dataDir = path.join(root, 'run/data');
    const platform = await part('start', devices, () => Platform.start(root, dataDir, devices));
    if (platform) {
      const load = { platform, devices, jobs: Number(values.jobs) };
      results[devices] = await part('pipeline', devices, () => pipeline(root, load, verdicts));
    }
    await Platform.stopAll();
  }
  return results;
}

/** One part within its time; what it throws is a failed verdict. */
async function part(name, what, work) {
  try {
    return await budget.within(LIMITS_MS[name], work);
  } catch (error) {
    verdicts.add(name, what, 'failed', error.message.split('\n')[0]);
    console.log(`\n${name} of ${what} FAILED: ${error.stack}`);
    return undefined;
  }
}

/** Ends the process: what ran over its time may still hold handles, and engines end with their parent. */
async function finish() {
  await Platform.stopAll();
  verdicts.print();
  report.verdicts = verdicts.rows;
  report.seconds = Math.round((performance.now() - began) / 1_000);
  fs.writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${report.seconds} s; the figures are in ${values.report}`);
  process.exit(verdicts.isGood ? 0 : 1);
}
