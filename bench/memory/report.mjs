import { median, percentile, printTable } from '../jobs/figures.mjs';
import { judge } from './slope.mjs';

/** Share of the wanted jobs that must have been accepted, and of the followed that must have ended, for the run to count. */
const LOAD_SHARE = 0.99;
const JUDGED = /^(supervisor|api|worker|engine .+|decoder)$/;

/** One line a minute: resident MiB by role (medians of the minute; several of a role are added up), rate and latency. */
export function printMinutes(samples) {
  const roles = [...new Set(samples.flatMap(({ processes }) => processes.map((p) => p.role)))].sort(byPlace);
  const rows = [];
  let acceptedBefore = 0;
  for (const [minute, group] of Object.entries(Object.groupBy(samples, (s) => Math.ceil(s.minute - 0.05)))) {
    const row = { minute };
    for (const role of roles) row[role] = median(group.map(({ processes }) => sizeOf(processes, role))).toFixed(1);
    const { accepted } = group.at(-1);
    const latenciesMs = group.flatMap((s) => s.latenciesMs);
    row.jobs = accepted - acceptedBefore;
    if (latenciesMs.length > 0) row['p50 ms'] = Math.round(percentile(latenciesMs, 0.5));
    if (latenciesMs.length > 0) row['p99 ms'] = Math.round(percentile(latenciesMs, 0.99));
    acceptedBefore = accepted;
    rows.push(row);
  }
  printTable('Resident memory, MiB (postgres: private memory of all its processes, not judged)', rows);
}

/** A server's processes share most of what they have resident. */
function sizeOf(processes, role) {
  const own = processes.filter((p) => p.role === role);
  return own.reduce((sum, p) => sum + (role === 'postgres' ? p.anonMiB : p.rssMiB), 0);
}

/** A verdict on each process that was there after the warm-up, and on the load itself. */
export function judgeAll(samples, load, times) {
  const pids = new Map();
  for (const { minute, processes } of samples)
    for (const { pid, role } of processes) if (minute >= times.warmUpMin && JUDGED.test(role)) pids.set(pid, role);
  const verdicts = [...pids]
    .map(([pid, role]) => ({ process: role, pid, ...judge(samples, pid, times) }))
    .sort((a, b) => byPlace(a.process, b.process));
  const wanted = load.ratePerS * times.endMin * 60;
  const isLoaded = load.accepted >= wanted * LOAD_SHARE && load.done >= load.followed * LOAD_SHARE;
  const measured = `${load.accepted} of ${wanted} accepted, ${load.done} of ${load.followed} followed to the end`;
  return [...verdicts, { process: 'load', why: measured, verdict: isLoaded ? 'met' : 'NOT met' }];
}

/** Prints the verdicts. */
export function printVerdicts(verdicts) {
  const rows = verdicts.map((v) => ({
    process: v.process,
    'after warm-up': v.firstMiB ?? '',
    'last minute': v.lastMiB ?? '',
    growth: v.growth ?? '',
    'MiB/min': v.mibPerMinute ?? '',
    'wanted MiB/min <=': v.boundMiB ?? '',
    verdict: v.verdict,
  }));
  printTable('Flat? growth <= 1.05 and at most 1 % of the size a minute, by VmRSS', rows);
  for (const { process, pid, why } of verdicts) if (why) console.log(`  ${process}${pid ? ` ${pid}` : ''}: ${why}`);
}

const PLACES = ['api', 'worker', 'engine', 'decoder', 'supervisor', 'spare api', 'spare worker', 'postgres'];

function byPlace(a, b) {
  const place = (role) => PLACES.findIndex((name) => role.startsWith(name));
  return place(a) - place(b) || a.localeCompare(b);
}
