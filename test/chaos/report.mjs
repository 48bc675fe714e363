import fs from 'node:fs';
import os from 'node:os';
import { apiGaps, recoveries, summaryOf } from './recovery.mjs';

const FILE = 'bench/out/chaos.json';
/** Stale writes that workers counted; a worker that was killed before its next heartbeat takes its last ones along. */
const STALE_WRITES = `
select coalesce(sum(n), 0)::int as n from (
  select max((stats->>'staleWrites')::int) as n from maru.workers where stats is not null group by name) w`;

/** Everything that the run was and found, as one object. */
export async function reportOf({ options, product, storm, clients, followers, checker, stormMs, drainMs }) {
  const count = (list, of) => Object.fromEntries([...Map.groupBy(list, of)].map(([key, items]) => [key, items.length]));
  const samples = recoveries(storm.log, checker.histories);
  const summary = (list) => summaryOf(list.map(({ ms }) => ms));
  const waits = clients.accepted.map(({ waitedMs }) => waitedMs);
  const [{ n: staleWritesRefused }] = await product.database.rows(STALE_WRITES);
  return {
    seed: options.seed,
    machine: `${os.cpus()[0]?.model}, ${os.availableParallelism()} cores, Node ${process.version}`,
    stormSeconds: Math.round(stormMs / 1000),
    drainSeconds: Math.round(drainMs / 100) / 10,
    kills: storm.kills,
    faults: count(storm.log, ({ kind }) => kind),
    accepted: checker.accepted,
    jobs: checker.jobs,
    attempts: checker.attempts,
    jobsPerSecond: Math.round(checker.accepted / (stormMs / 1000)),
    statuses: checker.statuses,
    errorCodes: checker.errorCodes,
    repeatedRequests: clients.repeats,
    unansweredRequests: clients.unanswered.length,
    distinctInputs: checker.distinctInputs,
    streams: { followed: followers.followed.length, breaks: followers.followed.reduce((n, s) => n + s.breaks, 0) },
    findings: Object.fromEntries(Object.entries(checker.findings).map(([kind, { count: n }]) => [kind, n])),
    examples: Object.fromEntries(Object.entries(checker.findings).map(([kind, { examples }]) => [kind, examples])),
    staleWritesRefused,
    recoverySeconds: {
      'one fault at a time': summary(samples.filter(({ alone }) => alone)),
      'several at once': summary(samples.filter(({ alone }) => !alone)),
      ...Object.fromEntries([...Map.groupBy(samples, ({ kind }) => kind)].map(([kind, list]) => [kind, summary(list)])),
    },
    apiGapSeconds: summaryOf(apiGaps(storm.log, clients.accepted)),
    databaseRestartSeconds: summaryOf(product.database.restarts),
    submitSeconds: summaryOf(waits),
  };
}

export function printReport(report) {
  const { recoverySeconds, findings, faults } = report;
  console.log(
    `\nChaos, seed ${report.seed}: ${report.kills} kills among ${sum(faults)} faults in ${report.stormSeconds} s`,
  );
  for (const [kind, n] of Object.entries(faults)) console.log(`  ${String(n).padStart(5)}  ${kind}`);
  console.log(
    `${report.accepted} jobs accepted (${report.jobsPerSecond}/s), ${report.attempts} attempts; ended:`,
    report.statuses,
  );
  console.log('errors of failed jobs:', report.errorCodes, 'repeated requests by answer:', report.repeatedRequests);
  console.log(`${report.streams.followed} streams followed over ${report.streams.breaks} breaks`);
  console.log('findings:', findings, `stale writes refused and counted: ${report.staleWritesRefused}`);
  for (const text of Object.values(report.examples).flat()) console.log(`  ! ${text}`);
  console.log('seconds until what a fault hit went on      n     p50     p99     max');
  for (const [kind, s] of Object.entries(recoverySeconds)) console.log(line(kind, s));
  console.log(line('(kill of an api to the next 202)', report.apiGapSeconds));
  console.log(line('(crash of postgres until it answers)', report.databaseRestartSeconds));
  console.log(line('(request until its 202, all repeats in)', report.submitSeconds));
}

export function writeReport(report) {
  fs.mkdirSync('bench/out', { recursive: true });
  fs.writeFileSync(FILE, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`written to ${FILE}`);
}

function line(name, { n, p50, p99, max }) {
  const column = (value) => (value === undefined ? '-' : value.toFixed(2)).padStart(8);
  return `  ${name.padEnd(38)} ${String(n).padStart(6)}${column(p50)}${column(p99)}${column(max)}`;
}

function sum(counts) {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}
