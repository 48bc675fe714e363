/**
 * Memory of the built product under a steady load: api, worker, engines and decoders are to stay flat. Needs `dist` and Linux.
 * Usage: npm run bench:memory -- [--minutes 10] [--rate 40] [--quick]
 */
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../product/client.mjs';
import { Load } from './load.mjs';
import { Product } from '../product/product.mjs';
import { judgeAll, printMinutes, printVerdicts } from './report.mjs';
import { prepareRequests } from '../product/requests.mjs';

const WARM_UP_MIN = 4;
const SAMPLE_MS = 15_000;
const DRAIN_MS = 30_000;
/** Beyond the run itself: start, drain, stop. */
const SPARE_MS = 5 * 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    rate: { type: 'string', default: '40' },
    quick: { type: 'boolean', default: false },
  },
});
const endMin = Number(values.minutes ?? (values.quick ? 2 : 10));
const ratePerS = Number(values.rate);
if (!(endMin >= 1 && endMin <= 240 && ratePerS > 0 && ratePerS <= 1_000)) throw new Error('minutes 1-240, rate 1-1000');
// A shorter run has a shorter warm-up: it tries the benchmark out and proves little of the product.
const warmUpMin = endMin >= 8 ? WARM_UP_MIN : endMin * 0.4;
const times = { warmUpMin, windowMin: Math.min(1, endMin / 4), endMin };
const sampleMs = endMin >= 8 ? SAMPLE_MS : 5_000;

const product = new Product();
const giveUp = (error) => {
  console.error(error instanceof Error ? error : 'stopped');
  void product.stop().finally(() => process.exit(1));
};
for (const event of ['SIGINT', 'SIGTERM', 'uncaughtException', 'unhandledRejection']) process.once(event, giveUp);
setTimeout(giveUp, endMin * 60_000 + SPARE_MS, new Error('the run took too long')).unref();

try {
  await product.start();
  const client = new Client(product.origin);
  const load = new Load(client, await prepareRequests(client, product.tenants), ratePerS);
  const loadBefore = os.loadavg()[0];
  console.log(
    `node ${process.version}, ${os.availableParallelism()} CPUs, load ${loadBefore.toFixed(1)} before the start`,
  );
  console.log(
    `${ratePerS} jobs/s for ${endMin} min, warm-up ${times.warmUpMin} min, a sample each ${sampleMs / 1_000} s`,
  );
  load.start();
  const samples = await sample(load);
  await load.stop(DRAIN_MS);
  await finish(load, samples);
} catch (error) {
  console.error(product.output);
  throw error;
} finally {
  await product.stop();
}

async function sample(load) {
  const from = performance.now();
  const samples = [];
  for (let n = 1; n * sampleMs <= endMin * 60_000; n++) {
    await sleep(Math.max(0, from + n * sampleMs - performance.now()));
    const minute = (performance.now() - from) / 60_000;
    const { accepted } = load.counts;
    samples.push({ minute, processes: product.memory(), latenciesMs: load.takeLatencies(), accepted });
  }
  return samples;
}

async function finish(load, samples) {
  printMinutes(samples);
  const { counts, examples } = load;
  console.log(
    `\nclient: ${Object.entries(counts)
      .map((c) => c.join(' '))
      .join(', ')}`,
  );
  for (const example of examples) console.log(`  ${example}`);
  const verdicts = judgeAll(samples, { ...counts, ratePerS }, times);
  printVerdicts(verdicts);
  const lean = samples.map(({ latenciesMs, ...rest }) => ({ ...rest, followed: latenciesMs.length }));
  fs.mkdirSync('bench/out', { recursive: true });
  const results = { node: process.version, ratePerS, times, counts, examples, verdicts, samples: lean };
  fs.writeFileSync('bench/out/memory.json', `${JSON.stringify(results, null, 2)}\n`);
  process.exitCode = verdicts.every(({ verdict }) => verdict === 'met') ? 0 : 1;
}
