import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { publicId } from '../../dist/src/common/ids.js';
import { clientsOf, startApi } from './api-process.mjs';
import { CpuMeter } from './cpu-meter.mjs';
import { latencies, printTable, rounded, verdict } from './figures.mjs';
import { GROUPING } from './no-op-runner.mjs';
import { PacedRunner } from './paced-runner.mjs';
import { startPipeline, startSubmission } from './product.mjs';
import { SubmissionWriter } from '../../dist/src/jobs/submission/submission-writer.js';
import { sampleJob } from './sample-job.mjs';

const CLIENT = fileURLToPath(new URL('./watchers-child.mjs', import.meta.url));

/** Share of the jobs, the first ones, that only warm the new processes up. */
const WARM_UP = 0.2;

/** From the commit of a transition to its arrival at a client that follows the job, through a real api process. */
export async function watchers({ place, few, size }) {
  const rows = [];
  for (const load of size.watchers) {
    const { times, apiCpuMs } = await watched(place, few, load);
    const watchers = load.watchers.toLocaleString('en');
    const followed = `${load.followed.toLocaleString('en')} of ${load.jobs.toLocaleString('en')}`;
    const cpu = { 'api CPU ms/event': rounded((apiCpuMs * (1 - WARM_UP)) / times.length) };
    rows.push({ watchers, 'jobs followed': followed, 'jobs/s': load.ratePerS, ...latencies(times), ...cpu });
  }
  printTable('SSE: from commit to client, ms (a watcher whose job does not run meanwhile waits beside)', rows);
  const verdicts = rows.map((row) => {
    const name = `SSE p99, ${row.watchers} watchers, ${row['jobs followed']} jobs followed, ${row['jobs/s']} jobs/s`;
    return verdict(name, `${row.p99Ms} ms`, '50 ms', row.p99Ms <= 50);
  });
  return { rows, verdicts };
}

/**
 * Queues jobs that will run and jobs that wait, lets watchers follow `followed` of the first and all of the others, then
 * starts the worker at a steady rate.
 */
async function watched(place, tenants, { watchers: count, followed, jobs, ratePerS }) {
  const api = await startApi(place);
  const clients = await clientsOf(place, api, tenants);
  const waiting = await queueJobs(place, tenants, count - followed);
  await place.client.query(`update maru.job_queue set run_at = now() + interval '1 day'`);
  const running = await queueJobs(place, tenants, jobs);
  const chosen = running.filter((_, i) => i % (jobs / followed) === 0);
  const keys = new Map(clients.map(({ tenantId, key }) => [tenantId, key]));
  const child = fork(CLIENT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const follow = [...chosen, ...waiting].map(({ id, tenantId }) => ({
    id: publicId('job', id),
    key: keys.get(tenantId),
  }));
  child.send({ port: api.port, jobs: follow, running: chosen.length });
  await once(child, 'message'); // all are connected
  const result = once(child, 'message');
  const runner = (journals, recorder) => new PacedRunner(journals, recorder, GROUPING.oneFlush, ratePerS);
  const worker = await startPipeline(place.config, runner);
  const cpu = new CpuMeter([api.pid]);
  const before = cpu.read();
  await worker.runner.allEnded(jobs);
  const apiCpuMs = cpu.since(before).server / 1_000;
  const [arrivals] = await result;
  await worker.close();
  await api.stop();
  await place.client.query('truncate maru.job_queue');
  const settled = Math.floor(chosen.length * WARM_UP);
  return { times: timesOf(chosen.slice(settled), arrivals.slice(settled), worker.runner.commits), apiCpuMs };
}

async function queueJobs(place, tenants, count) {
  const app = await startSubmission(place.config);
  const writer = app.get(SubmissionWriter, { strict: false });
  const queued = Array.from({ length: count }, (_, i) => sampleJob(tenants[i % tenants.length]));
  await Promise.all(queued.map((job) => writer.write(job)));
  await app.close();
  return queued;
}

/** Every transition of every followed job, or an error: none may be missing. */
function timesOf(followed, arrivals, commits) {
  return followed.flatMap(({ id }, i) =>
    [...commits.get(id)].map(([seq, committedMs]) => {
      const arrivedMs = arrivals[i][seq];
      if (arrivedMs === undefined) throw new Error(`transition ${seq} of job ${id} never arrived`);
      return arrivedMs - committedMs;
    }),
  );
}
