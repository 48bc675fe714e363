// `npm run chaos`: kills, stops and cuts the built product under load, then lets an independent checker read the history.
import { setTimeout as sleep } from 'node:timers/promises';
import { Checks, until } from '../smoke/checks.mjs';
import { Checker } from './checker.mjs';
import { Clients } from './clients.mjs';
import { Followers } from './followers.mjs';
import { readOptions } from './options.mjs';
import { provePlanted } from './planted.mjs';
import { Product } from './product.mjs';
import { Random } from './random.mjs';
import { printReport, reportOf, writeReport } from './report.mjs';
import { Storm } from './storm.mjs';

/** Nothing ended for so long although something was ready: it is stuck. */
const STUCK_MS = 60_000;
/** Figure of the long run, seconds. The short one only has to get over it at all. */
const RECOVERY_P99 = 15;
/** Every tenant may send the cheap kind of job. */
const GRANT = `
insert into maru.analyzers (tenant_id, id, slug)
select id, gen_random_uuid(), 'signal-anomaly' from maru.tenants where slug = any ($1) on conflict do nothing`;
const LEASES = 'select count(*)::int as n from maru.workers where not dead and lease_until > clock_timestamp()';
const QUEUE = `
select count(*)::int as n, (count(*) filter (where state > 0 or run_at is null or run_at <= now()))::int as ready from maru.job_queue`;

const options = readOptions(process.argv.slice(2));
const checks = new Checks();
if (process.platform === 'linux') await main();
else console.log('CHAOS SKIPPED: processes are found and their states read in /proc');
process.exitCode = process.platform === 'linux' ? checks.finish(options.report, 'chaos') : 0;

async function main() {
  console.log(
    `chaos: seed ${options.seed}, until ${options.kills} kills and ${options.jobs} jobs, ${options.minutes} min at most`,
  );
  await checks.check('the checker finds planted faults', () => `${provePlanted()} of them`);
  const product = await Product.start();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted(product));
  try {
    const run = await weather(product);
    const report = await reportOf({ options, product, ...run });
    printReport(report);
    writeReport(report);
    await judge(report);
    await checks.check('it stops cleanly after all that', () => product.stop());
  } finally {
    if (checks.failed > 0 || checks.passed === 0) console.log(`${product.output.slice(-6_000)}\nkept: ${product.base}`);
    product.kill();
  }
}

function interrupted(product) {
  product.kill();
  process.exit(1);
}

/** The storm, then calm until everything has ended or nothing moves any more. */
async function weather(product) {
  const { tenants, database } = product;
  await database.rows(GRANT, [tenants.map(({ slug }) => slug)]);
  const clients = new Clients(product, new Random(options.seed + 2), options);
  const storm = new Storm(product, clients, options);
  const followers = new Followers(product, clients);
  const began = performance.now();
  await clients.start();
  followers.start();
  const over = () => performance.now() - began > options.minutes * 60_000;
  await storm.rage(() => over() || (storm.kills >= options.kills && clients.accepted.length >= options.jobs));
  const stormMs = performance.now() - began;
  await clients.stop();
  await untilCalm(database);
  await checks.check('both workers and the api serve again', () => allServe(product));
  await followers.stop(STUCK_MS);
  const drainMs = performance.now() - began - stormMs;
  const checker = new Checker();
  await checker.check(database, clients, followers);
  return { storm, clients, followers, checker, stormMs, drainMs };
}

async function untilCalm(database) {
  let left = Infinity;
  let movedMs = performance.now();
  while (left > 0 && performance.now() - movedMs < STUCK_MS) {
    const [row] = await database.rows(QUEUE);
    if (row.n < left || row.ready === 0) movedMs = performance.now();
    left = row.n;
    await sleep(100);
  }
}

/** A process that lives and does nothing would go unnoticed: another does its work. */
async function allServe({ database, origin }) {
  const leases = async () => (await database.rows(LEASES))[0].n;
  await until('two leases', async () => (await leases()) >= 2, STUCK_MS);
  await until('/health/ready', async () => (await fetch(`${origin}/health/ready`)).status === 200, STUCK_MS);
}

async function judge(report) {
  const none = (kinds) => () => {
    const found = kinds.filter((kind) => report.findings[kind] > 0);
    if (found.length > 0) throw new Error(found.flatMap((kind) => report.examples[kind]).join('\n'));
  };
  const { 'one fault at a time': recovery, 'several at once': compound } = report.recoverySeconds;
  await checks.check(`kills: ${report.kills}, jobs: ${report.accepted}`, () => {
    if (report.kills === 0 || report.accepted === 0) throw new Error('the run was too short to mean anything');
    if (options.quick) return;
    if (report.kills < options.kills || report.accepted < options.jobs)
      throw new Error(`wanted ${options.kills} kills and ${options.jobs} jobs: give it more --minutes`);
  });
  await checks.check('no job is lost', none(['lost']));
  await checks.check('no job is stuck', none(['stuck']));
  await checks.check('nothing is doubled', none(['doubled']));
  await checks.check('no stale worker wrote', none(['stale']));
  await checks.check('histories have no gap, streams tell them whole', none(['gap']));
  await checks.check('ends, results, bills and answers agree', none(['wrong']));
  const label = `recovery p99: ${recovery.p99 ?? '-'} s from one fault, ${compound.p99 ?? '-'} s from several at once`;
  await checks.check(label, () => {
    if (!options.quick && !(recovery.p99 <= RECOVERY_P99))
      throw new Error(`from one fault it is above ${RECOVERY_P99} s`);
  });
}
