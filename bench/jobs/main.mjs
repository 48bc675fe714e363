/**
 * The job engine against the usual way and BullMQ, on a real PostgreSQL with durability on: CPU per job, rates, latencies,
 * the rows alone, claims under much history, live streams. Needs `dist`. Usage: npm run bench:jobs -- [--quick] [--only pipelines,claims]
 */
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { printTable } from './figures.mjs';
import { claims } from './part-claims.mjs';
import { floor } from './part-floor.mjs';
import { latency } from './part-latency.mjs';
import { pipelines } from './part-pipelines.mjs';
import { submits } from './part-submits.mjs';
import { watchers } from './part-watchers.mjs';
import { makePlace } from './place.mjs';
import { Server, SETTINGS } from './server.mjs';
import { FULL, QUICK } from './sizes.mjs';
import { storeTenants } from './tenants.mjs';

const PARTS = { pipelines, floor, submits, latency, claims, watchers };
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: Object.keys(PARTS).join() } },
});
const names = values.only.split(',').filter((name) => name in PARTS);
const startedAt = new Date();
const size = values.quick ? QUICK : FULL;
const server = await Server.start();
const giveUp = (error) => {
  if (error instanceof Error) console.error(error);
  void server.stop().finally(() => process.exit(1));
};
for (const event of ['SIGINT', 'SIGTERM', 'uncaughtException']) process.once(event, giveUp);

const results = {};
try {
  const place = await makePlace(server, 'product');
  const bench = {
    server,
    place,
    size,
    few: await storeTenants(place.client, 20),
    many: await storeTenants(place.client, 1_000),
  };
  const { rows } = await place.client.query('show server_version');
  const machine = { cpus: os.availableParallelism(), load: os.loadavg()[0], node: process.version };
  console.log(
    `PostgreSQL ${rows[0].server_version}, ${Object.entries(SETTINGS)
      .map((s) => s.join('='))
      .join(' ')}`,
  );
  console.log(`node ${machine.node}, ${machine.cpus} CPUs, load ${machine.load.toFixed(1)} before the start`);
  Object.assign(results, { startedAt, machine, server: rows[0].server_version, settings: SETTINGS, size });
  for (const name of names) results[name] = await PARTS[name](bench);
  await place.close();
} finally {
  await server.stop();
}
const verdicts = names.flatMap((name) => results[name].verdicts);
if (verdicts.length > 0) printTable('Targets', verdicts);
console.log(`\n${Math.round((Date.now() - startedAt) / 1_000)} s`);
fs.mkdirSync('bench/out', { recursive: true });
fs.writeFileSync('bench/out/jobs.json', `${JSON.stringify(results, null, 2)}\n`);
