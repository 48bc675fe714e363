import { WorkerPool, IngestPool } from '../../dist/src/database/role-pool.js';
import { QueueRepository } from '../../dist/src/jobs/duties/queue.repository.js';
import { SubmissionRepository } from '../../dist/src/jobs/submission/submission.repository.js';
import { sampleJob } from './sample-job.mjs';

/** Jobs a claim asks for, over all windows. */
const WANTED = 200;
/** Claims between two VACUUMs of the queue: the product does it every few seconds. */
const VACUUM_EVERY = 25;

/** The product's claim on one database, with a backlog that is kept at its size. */
export class ClaimBench {
  #counter = 0;
  #first = 0;

  constructor(place) {
    this.place = place;
    const { database, secrets } = place.config;
    this.pools = [new WorkerPool(database, secrets), new IngestPool(database, secrets)];
    this.queue = new QueueRepository(this.pools[0]);
    this.submission = new SubmissionRepository(this.pools[1]);
  }

  /** Fills the queue with a backlog of these tenants, in turn. */
  async fill(tenants, backlog) {
    await this.place.client.query('truncate maru.job_queue');
    await this.add(tenants, backlog);
  }

  /** Puts more jobs of these tenants into the queue. */
  async add(tenants, count) {
    for (let left = count; left > 0; left -= 500) await this.#submit(tenants, Math.min(500, left));
    await this.place.client.query('vacuum analyze maru.job_queue');
  }

  /** One claim over windows of these tenants; returns its time, ms, and puts as many new jobs behind the others. */
  async claim(tenants) {
    const size = Math.max(1, Math.floor(WANTED / tenants.length));
    const windows = tenants.map(({ tenantId }) => ({ tenantId, size }));
    const token = String(++this.#counter);
    const from = performance.now();
    const claims = await this.queue.claim(windows, 1, token);
    const ms = performance.now() - from;
    if (claims.length !== size * tenants.length) throw new Error(`a claim took ${claims.length} jobs`);
    await this.place.client.query('delete from maru.job_queue where token = $1', [token]);
    await this.#submit(tenants, claims.length);
    if (this.#counter % VACUUM_EVERY === 0) await this.place.client.query('vacuum maru.job_queue');
    return ms;
  }

  #submit(tenants, count) {
    const jobs = Array.from({ length: count }, () => sampleJob(tenants[this.#first++ % tenants.length]));
    return this.submission.insert(jobs);
  }

  async close() {
    for (const pool of this.pools) await pool.end();
  }
}

/** Times `rounds` claims on each bench in turn, beginning with another one each round; warm-ups are not kept. */
export async function interleaved(benches, rounds, warmUp = 20) {
  const times = benches.map(() => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (let i = 0; i < benches.length; i++) {
      const at = (i + Math.abs(round)) % benches.length;
      const ms = await benches[at]();
      if (round >= 0) times[at].push(ms);
    }
  }
  return times;
}
