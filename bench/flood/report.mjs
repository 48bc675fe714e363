import { percentile, printTable, rounded } from '../jobs/figures.mjs';

const STAGES = ['accept', 'queue', 'prepare', 'batch', 'infer', 'interpret', 'open', 'tell'];
/** A neighbor's flood may cost the victim this much. */
const WANTED_RATIO = 1.2;
const WANTED_ON_TIME = 98.5;
/** CPU that the api gets on a quiet host of what it could use, %. */
const QUIET_SHARE = 80;

/** Figures of one phase. */
export function figuresOf({ name, jobs, forMs, cpu, flood, before, after }) {
  const latenciesMs = jobs.filter((job) => job.latencyMs !== undefined).map((job) => job.latencyMs);
  const statuses = {};
  for (const { status } of jobs) statuses[status] = (statuses[status] ?? 0) + 1;
  const endedOf = (counts) => counts.ended.succeeded ?? 0;
  const flooderJobs = before ? endedOf(after) - endedOf(before) : 0;
  const victimJobs = statuses.succeeded ?? 0;
  return {
    name,
    jobs: jobs.length,
    statuses,
    p50Ms: rounded(percentile(latenciesMs, 0.5)),
    p99Ms: rounded(percentile(latenciesMs, 0.99)),
    onTime: rounded((100 * jobs.filter((job) => job.isOnTime).length) / jobs.length),
    jobsPerS: rounded(((flooderJobs + victimJobs) * 1_000) / forMs),
    flooderJobsPerS: rounded((flooderJobs * 1_000) / forMs || 0),
    cpu,
    flood: flood ?? null,
    stages: stagesOf(jobs),
  };
}

export function printPhases(phases) {
  const [alone] = phases;
  printTable(
    "The victim's jobs, from submit to result",
    phases.map((p) => ({
      phase: p.name,
      jobs: p.jobs,
      'p50 ms': p.p50Ms,
      'p99 ms': p.p99Ms,
      'p50 / alone': rounded(p.p50Ms / alone.p50Ms),
      'p99 / alone': rounded(p.p99Ms / alone.p99Ms),
      'on time %': p.onTime,
      'jobs/s, all': p.jobsPerS,
      'flooder jobs/s': p.flooderJobsPerS,
    })),
  );
  for (const part of ['p50', 'p99'])
    printTable(
      `Where its time goes, ${part} of each part in ms`,
      phases.map((p) => ({ phase: p.name, ...p.stages[part] })),
    );
  printTable(
    'CPU that main threads got of what they could have used, %: where it is far below 100 the host is in the figures',
    phases.map((p) => ({
      phase: p.name,
      ...Object.fromEntries(['api', 'worker', 'engine cpu:0', 'decoder'].map((role) => [role, shareOf(p.cpu[role])])),
    })),
  );
  if (shareOf(phases[0].cpu.api) < QUIET_SHARE)
    console.log('\nThe host was busy before the flood began: these figures judge it more than the product.\n');
  for (const { name, flood, statuses } of phases)
    console.log(`${name}: victim ${JSON.stringify(statuses)}${flood ? `, flood ${JSON.stringify(flood)}` : ''}`);
}

/** Verdicts for each phase beside the flood: next to alone, and next to a machine that is as busy without one. */
export function verdicts([alone, calm, ...floods]) {
  return floods.flatMap(({ name, p99Ms, onTime }) => {
    const ratio = rounded(p99Ms / alone.p99Ms);
    const ofCalm = rounded(p99Ms / calm.p99Ms);
    return [
      { target: `${name}: p99 / alone`, wanted: `<= ${WANTED_RATIO}`, measured: ratio, met: ratio <= WANTED_RATIO },
      {
        target: `${name}: p99 / beside a calm neighbor`,
        wanted: `<= ${WANTED_RATIO}`,
        measured: ofCalm,
        met: ofCalm <= WANTED_RATIO,
      },
      { target: `${name}: on time %`, wanted: `>= ${WANTED_ON_TIME}`, measured: onTime, met: onTime >= WANTED_ON_TIME },
    ];
  });
}

function shareOf(times) {
  return times ? Math.round((100 * times.cpuMs) / Math.max(1, times.cpuMs + times.waitMs)) : '';
}

/** Percentiles of each part of the way, ms. */
function stagesOf(jobs) {
  const rows = jobs.filter((job) => job.timeline).map(partsOf);
  const of = (share) =>
    Object.fromEntries(
      STAGES.map((stage) => {
        const values = rows.flatMap((row) => (row[stage] === undefined ? [] : [row[stage]]));
        return [stage, values.length ? rounded(percentile(values, share)) : ''];
      }),
    );
  return { p50: of(0.5), p99: of(0.99) };
}

/** How long each part took one job: `open` until its stream sent something, `tell` from its end until the client knew. */
function partsOf({ timeline, acceptedMs, openedMs, toldAt, finishedAt }) {
  const at = (type) => Date.parse(timeline.find((t) => t.type === type)?.at);
  const waitMs = at('job.started') - at('job.queued');
  const parts = { accept: acceptedMs, open: openedMs, tell: Math.max(0, toldAt - Date.parse(finishedAt)) };
  if (Number.isFinite(waitMs)) parts.queue = Math.max(0, waitMs);
  for (const { type, stage, durationMs } of timeline) if (type === 'stage.completed') parts[stage] = durationMs;
  return parts;
}
