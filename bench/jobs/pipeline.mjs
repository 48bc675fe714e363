import { setTimeout as sleep } from 'node:timers/promises';
import { checkHistory } from './check-history.mjs';
import { Load } from './load.mjs';

/**
 * One sample of a saturated pipeline, which `start` starts: `inFlight` jobs are always between submit and end. CPU is
 * counted from the end of job `warmUp` to the end of job `warmUp + jobs`, in the middle of a steady load.
 */
export async function saturated(place, { tenants, start, warmUp, jobs, inFlight = 1_000 }) {
  const pipeline = await start(place.config);
  const load = new Load(pipeline, tenants);
  const [warm, done] = [load.until(warmUp), load.until(warmUp + jobs)];
  const all = load.closed(inFlight, () => load.ended >= warmUp + jobs);
  await Promise.race([warm, all]); // a failure of the load must not hang this
  const sample = await measured(place, load, () => Promise.race([done, all]));
  await all;
  await pipeline.close();
  await checkHistory(place, load.submitted);
  return sample;
}

/** One sample at an open-loop rate: after the warm-up, all jobs that end within `forMs`. */
export async function atRate(place, { tenants, start, ratePerS, warmUpMs, forMs }) {
  const pipeline = await start(place.config);
  const load = new Load(pipeline, tenants);
  const all = load.open(ratePerS, warmUpMs + forMs + 500, warmUpMs);
  await sleep(warmUpMs);
  const sample = await measured(place, load, () => sleep(forMs));
  await all;
  await load.until(load.submitted);
  await pipeline.close();
  await checkHistory(place, load.submitted);
  return sample;
}

async function measured({ cpu, walBytes }, load, work) {
  const before = { ...cpu.read(), ended: load.ended, at: performance.now(), wal: await walBytes() };
  await work();
  const used = cpu.since(before);
  const jobs = load.ended - before.ended;
  return {
    jobs,
    jobsPerS: (jobs / (performance.now() - before.at)) * 1_000,
    node: used.node / jobs,
    server: used.server / jobs,
    total: used.total / jobs,
    walBytes: ((await walBytes()) - before.wal) / jobs,
  };
}
