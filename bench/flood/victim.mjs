import { setTimeout as sleep } from 'node:timers/promises';

/** How long after its deadline a job may take to be told of, ms. */
const GRACE_MS = 30_000;

/**
 * A tenant that submits dated jobs at a steady rate, whatever comes back, and follows each of them live to its result.
 * Poisson arrivals from a seed: the same in every phase.
 */
export class Victim {
  #client;
  #requests;
  #deadlineMs;

  /** @param requests of one tenant, in turn */
  constructor(client, requests, deadlineMs) {
    this.#client = client;
    this.#requests = requests;
    this.#deadlineMs = deadlineMs;
  }

  /** Resolves when every job submitted within `forMs` has ended: `{ latencyMs, status, timeline, ... }` each. */
  async run(ratePerS, forMs, seed) {
    const random = mulberry32(seed);
    const from = performance.now();
    const jobs = [];
    for (let dueMs = 0; ;) {
      dueMs -= (Math.log(1 - random()) * 1_000) / ratePerS;
      if (dueMs >= forMs) break;
      await sleep(Math.max(0, from + dueMs - performance.now()));
      jobs.push(this.#one(jobs.length).catch((error) => ({ status: 'error', error: error.message })));
    }
    const ended = await Promise.all(jobs);
    for (const job of ended) if (job.id) job.timeline = await this.#timeline(job);
    return ended;
  }

  async #one(n) {
    const { tenant, byFile } = this.#requests[n % this.#requests.length];
    const deadline = new Date(Date.now() + this.#deadlineMs).toISOString();
    const body = JSON.stringify({ ...JSON.parse(byFile.body), deadline });
    const fromMs = performance.now();
    const submitted = await this.#client.call(tenant, 'POST', '/v1/jobs', body, byFile.headers);
    const acceptedMs = performance.now() - fromMs;
    if (submitted.status !== 202) return { status: `refused ${submitted.status}` };
    const { id } = JSON.parse(submitted.text);
    let [latencyMs, openedMs, toldAt] = [null, null, null];
    const limit = AbortSignal.timeout(this.#deadlineMs + GRACE_MS);
    await Promise.race([
      this.#client.follow(tenant, `/v1/jobs/${id}/stream?afterSeq=0`, (event) => {
        openedMs ??= performance.now() - fromMs - acceptedMs;
        if (event !== 'done') return;
        latencyMs = performance.now() - fromMs;
        toldAt = Date.now();
      }),
      new Promise((_, reject) => limit.addEventListener('abort', () => reject(new Error(`${id} never ended`)))),
    ]);
    if (latencyMs === null) throw new Error(`the stream of ${id} ended without its end`);
    return { id, tenant, acceptedMs, openedMs, toldAt, latencyMs };
  }

  /** Adds how the job ended. */
  async #timeline(job) {
    const read = async (part) =>
      JSON.parse((await this.#client.call(job.tenant, 'GET', `/v1/jobs/${job.id}${part}`)).text);
    const { status, deadline, finishedAt } = await read('');
    Object.assign(job, {
      status,
      isOnTime: status === 'succeeded' && job.latencyMs <= this.#deadlineMs,
      deadline,
      finishedAt,
    });
    return (await read('/timeline')).data;
  }
}

/** A small seeded generator of numbers in [0, 1). */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
