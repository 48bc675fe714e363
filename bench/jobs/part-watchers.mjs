import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { publicId } from '../../dist/src/common/ids.js';
import { clientsOf, startApi } from './api-process.mjs';
import { latencies, printTable, verdict } from './figures.mjs';
import { GROUPING } from './no-op-runner.mjs';
import { PacedRunner } from './paced-runner.mjs';
import { startPipeline, startSubmission } from './product.mjs';
import { SubmissionWriter } from '../../dist/src/jobs/submission/submission-writer.js';
import { sampleJob } from './sample-job.mjs';

const CLIENT = fileURLToPath(new URL('./watchers-child.mjs', import.meta.url));

/** From the commit of a transition to its arrival at a client that follows the job, through a real api process. */
export async function watchers({ place, few, size }) {
  const { counts, jobs, ratePerS } = size.watchers;
  const rows = [];
  for (const count of counts) {
    const times = await watched(place, few, { count, jobs, ratePerS });
    rows.push({ watchers: count.toLocaleString('en'), 'jobs/s': ratePerS, ...latencies(times) });
  }
  printTable('SSE: from commit to client, ms', rows);
  const verdicts = rows.map(({ watchers: who, p99Ms }) =>
    verdict(`SSE p99, ${who} watchers, ${ratePerS} jobs/s`, `${p99Ms} ms`, '50 ms', p99Ms <= 50),
  );
  return { rows, verdicts };
}

/** Queues the jobs, lets `count` watchers follow theirs, then starts the worker at a steady rate. */
async function watched(place, tenants, { count, jobs, ratePerS }) {
  const api = await startApi(place);
  const clients = await clientsOf(place, api, tenants);
  const queued = await queueJobs(place, tenants, jobs);
  const every = Math.max(1, Math.floor(jobs / count));
  const followed = queued.filter((_, i) => i % every === 0).slice(0, count);
  const keys = new Map(clients.map(({ tenantId, key }) => [tenantId, key]));
  const child = fork(CLIENT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send({
    port: api.port,
    jobs: followed.map(({ id, tenantId }) => ({ id: publicId('job', id), key: keys.get(tenantId) })),
  });
  await once(child, 'message'); // all are connected
  const result = once(child, 'message');
  const runner = (journals, recorder) => new PacedRunner(journals, recorder, GROUPING.oneFlush, ratePerS);
  const worker = await startPipeline(place.config, runner);
  await worker.runner.allEnded(jobs);
  const [arrivals] = await result;
  await worker.close();
  await api.stop();
  return timesOf(followed, arrivals, worker.runner.commits);
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
