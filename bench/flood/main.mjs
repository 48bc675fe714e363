/**
 * Isolation on the real product: one tenant submits dated jobs well under its share and follows each to its result: alone,
 * beside a neighbor that keeps to what is left (the machine is as busy as beside a flood, and nobody floods), and while that
 * neighbor floods with five times the measured capacity, with one worker and with two. Needs `dist`.
 * Usage: npm run bench:flood -- [--seconds 30] [--deadline 1000] [--share 0.15] [--times 5] [--limit 2000] [--dated] [--quick]
 */
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { printTable, rounded } from '../jobs/figures.mjs';
import { Client } from '../product/client.mjs';
import { watchCpu } from '../product/cpu-share.mjs';
import { prepareRequests } from '../product/requests.mjs';
import { Flooder } from './flooder.mjs';
import { Installation } from './installation.mjs';
import { figuresOf, printPhases, verdicts } from './report.mjs';
import { Victim } from './victim.mjs';

const VICTIM = 'hanbit';
const FLOODER = 'dasan';
const SEED = 20_261_123;
/** The flood has filled its queue, and the pacing of the product has settled. */
const LEAD_IN_MS = 5_000;
/** Of the capacity, taken by both tenants together while nobody floods. */
const CALM_LOAD = 0.85;
const SPARE_MS = 5 * 60_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    deadline: { type: 'string', default: '1000' },
    share: { type: 'string', default: '0.15' },
    times: { type: 'string', default: '5' },
    limit: { type: 'string', default: '2000' },
    dated: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const forMs = Number(values.seconds ?? (values.quick ? 10 : 30)) * 1_000;
const deadlineMs = Number(values.deadline);
if (!(forMs >= 1_000 && forMs <= 600_000 && deadlineMs >= 50)) throw new Error('seconds 1-600, deadline at least 50');

const installation = new Installation();
let flooder = null;
const giveUp = (error) => {
  console.error(error instanceof Error ? error : 'stopped');
  flooder?.kill();
  void installation.stop().finally(() => process.exit(1));
};
for (const event of ['SIGINT', 'SIGTERM', 'uncaughtException', 'unhandledRejection']) process.once(event, giveUp);
setTimeout(giveUp, 4 * forMs + SPARE_MS, new Error('the run took too long')).unref();

try {
  await installation.start();
  await installation.setLimits(FLOODER, VICTIM, Number(values.limit));
  await run(installation.product);
} catch (error) {
  console.error(installation.product?.output);
  throw error;
} finally {
  flooder?.kill();
  await installation.stop();
}

async function run({ origin, tenants }) {
  // A process accepts one connection in each turn of its event loop: new ones would measure that.
  const client = new Client(origin, { keepStreams: true });
  const requests = await prepareRequests(client, tenants);
  const of = (slug) => requests.filter(({ tenant }) => tenant.slug === slug);
  console.log(`node ${process.version}, ${os.availableParallelism()} CPUs, load ${os.loadavg()[0].toFixed(1)} before`);
  const victim = new Victim(client, of(VICTIM), deadlineMs);
  await victim.run(10, 3_000, SEED); // warm
  const capacity = await measureCapacity(client, of(FLOODER));
  const ratePerS = capacity * Number(values.share);
  const load = {
    origin,
    requests: of(FLOODER),
    ratePerS: capacity * Number(values.times),
    deadlineMs: values.dated ? deadlineMs : null,
  };
  console.log(
    `capacity ${rounded(capacity)} jobs/s; victim ${rounded(ratePerS)} jobs/s due within ${deadlineMs} ms; flood ${rounded(load.ratePerS)} jobs/s`,
  );
  const cpu = watchCpu(() => installation.product.memory());
  const phases = [{ name: 'alone', forMs, jobs: await victim.run(ratePerS, forMs, SEED), cpu: cpu() }];
  const calm = { ...load, ratePerS: capacity * (CALM_LOAD - Number(values.share)) };
  phases.push(await beside('calm neighbor', victim, ratePerS, calm));
  phases.push(await beside('flood, 1 worker', victim, ratePerS, load));
  await installation.joinSecondWorker();
  await victim.run(ratePerS, 3_000, SEED);
  phases.push(await beside('flood, 2 workers', victim, ratePerS, load));
  client.close();
  finish({ capacity, ratePerS, floodPerS: load.ratePerS }, phases.map(figuresOf));
}

async function beside(name, victim, ratePerS, load) {
  flooder = new Flooder();
  flooder.start(load);
  await sleep(LEAD_IN_MS);
  const before = await installation.counts(FLOODER);
  const from = performance.now();
  const cpu = watchCpu(() => installation.product.memory());
  const measured = victim.run(ratePerS, forMs, SEED);
  await sleep(forMs);
  const after = await installation.counts(FLOODER);
  const tookMs = performance.now() - from;
  const [flood, jobs] = [await flooder.stop(), await measured];
  flooder = null;
  await installation.empty(FLOODER);
  return { name, forMs: tookMs, jobs, cpu: cpu(), before, after, flood: { ...flood, waiting: after.queued } };
}

/** Jobs per second of one tenant with as many jobs in hand as the product will have, over the middle of a run. */
async function measureCapacity(client, requests) {
  const until = performance.now() + Math.min(forMs, 12_000);
  let ended = 0;
  let from = null;
  const measureFrom = performance.now() + Math.min(forMs, 12_000) / 3;
  const loop = async (n) => {
    while (performance.now() < until) {
      const { tenant, byFile } = requests[n % requests.length];
      const { status, text } = await client.call(tenant, 'POST', '/v1/jobs', byFile.body, {
        ...byFile.headers,
        prefer: 'wait=30',
      });
      if (status !== 202 && status !== 200 && status !== 201)
        throw new Error(`answered ${status}: ${text.slice(0, 200)}`);
      if (from !== null) ended++;
      else if (performance.now() >= measureFrom) from = performance.now();
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, n) => loop(n)));
  return (ended * 1_000) / (performance.now() - from);
}

function finish(rates, phases) {
  printPhases(phases);
  const judged = verdicts(phases);
  printTable(
    'Targets',
    judged.map(({ met, ...rest }) => ({ ...rest, verdict: met ? 'met' : 'NOT met' })),
  );
  fs.mkdirSync('bench/out', { recursive: true });
  const results = {
    node: process.version,
    cpus: os.availableParallelism(),
    options: values,
    rates,
    phases,
    verdicts: judged,
  };
  fs.writeFileSync('bench/out/flood.json', `${JSON.stringify(results, null, 2)}\n`);
  process.exitCode = judged.every(({ met }) => met) ? 0 : 1;
}
