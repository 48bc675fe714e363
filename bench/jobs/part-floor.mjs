import { QueueRepository } from '../../dist/src/jobs/duties/queue.repository.js';
import { JobJournal } from '../../dist/src/jobs/recording/job-journal.js';
import { RecordingRepository } from '../../dist/src/jobs/recording/recording.repository.js';
import { SubmissionRepository } from '../../dist/src/jobs/submission/submission.repository.js';
import { BARE_ROWS } from './bare-rows.sql.mjs';
import { median, printTable, rounded } from './figures.mjs';
import { MeterConnection } from './meter-connection.mjs';
import { isoNow, sampleJob, stageItem, SUCCESS } from './sample-job.mjs';

/** The first batches plan the statements and warm up. */
const WARM_UP = 5;
const WINDOW = 50;

/**
 * What the rows of a job cost the server by themselves: the product's four statements one after the other on quiet
 * connections, whole, and again without fences, event log, outbox and row-level security.
 */
export async function floor({ server, place, few, many, size }) {
  const rows = [];
  for (const { tenants, batch } of [
    { tenants: few, batch: 400 },
    { tenants: many, batch: 75 },
  ]) {
    const samples = { whole: [], bare: [] };
    for (let round = 0; round < size.rounds; round++)
      for (const kind of ['whole', 'bare']) {
        await place.client.query('vacuum analyze maru.job_queue');
        samples[kind].push(await lives(place.url, kind, tenants, batch, size.floor));
      }
    for (const [kind, runs] of Object.entries(samples))
      rows.push({ statements: kind, tenants: tenants.length, 'jobs a statement': batch, ...summary(runs) });
  }
  await server.admin(place.url, (client) => client.query('truncate maru.job_queue'));
  printTable('CPU of the server for the statements of a job alone, us (medians of the rounds)', rows);
  return { rows, verdicts: [] };
}

/** Carries batches of jobs through their four statements; gives the microseconds of a job by statement. */
async function lives(url, kind, tenants, batch, jobs) {
  const open = (role) => MeterConnection.open(url, kind === 'bare' ? null : role, kind === 'bare' ? BARE_ROWS : {});
  const [ingest, worker] = [await open('maru_ingest'), await open('maru_worker')];
  const parts = {
    submission: new SubmissionRepository(ingest),
    queue: new QueueRepository(worker),
    recording: new RecordingRepository(worker),
  };
  const batches = WARM_UP + Math.ceil(jobs / batch);
  for (let i = 0; i < batches; i++) {
    if (i === WARM_UP) ingest.used = worker.used = {};
    await live(parts, tenants, batch, i);
  }
  await ingest.close();
  await worker.close();
  const counted = (batches - WARM_UP) * batch;
  return Object.fromEntries(
    Object.entries({ ...ingest.used, ...worker.used }).map(([name, us]) => [name, us / counted]),
  );
}

async function live({ submission, queue, recording }, tenants, batch, round) {
  const jobs = Array.from({ length: batch }, (_, i) => sampleJob(tenants[(i + round * batch) % tenants.length]));
  await submission.insert(jobs);
  const windows = [...new Set(jobs.map((job) => job.tenantId))].map((tenantId) => ({ tenantId, size: WINDOW }));
  const claims = await queue.claim(windows, 1, String(round + 1));
  const journals = claims.map((claim) => new JobJournal(claim)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const journal of journals) for (const stage of ['prepare', 'batch']) journal.append(stageItem(stage));
  await recording.progress(journals.map((journal) => taken(journal)));
  for (const journal of journals) {
    for (const stage of ['infer', 'interpret']) journal.append(stageItem(stage));
    journal.closeWith(SUCCESS, { type: 'job.succeeded', at: isoNow() });
  }
  await recording.finish(journals.map((journal) => ({ ...taken(journal), end: SUCCESS.end, canceling: false })));
}

const keyOf = ({ claim }) => claim.tenantId + claim.jobId;

function taken(journal) {
  const flush = { journal, firstSeq: journal.nextSeq, items: [...journal.unwritten] };
  journal.written(flush.items.length);
  return flush;
}

function summary(runs) {
  const of = (name) => median(runs.map((run) => run[name] ?? 0));
  const names = { submit: 'job-submit', claim: 'queue-claim', progress: 'job-progress', finish: 'job-finish' };
  const all = Object.values(names).reduce((sum, name) => sum + of(name), 0);
  const each = Object.fromEntries(Object.entries(names).map(([label, name]) => [label, rounded(of(name))]));
  return { ...each, 'server us/job': rounded(all) };
}
