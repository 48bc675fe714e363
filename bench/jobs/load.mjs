import { setTimeout as sleep } from 'node:timers/promises';
import { sampleJob } from './sample-job.mjs';

/** Open-loop arrivals are sent in ticks this far apart, ms. */
const TICK_MS = 5;

/** Jobs of tenants in turn, sent through the writer, and their ends. */
export class Load {
  submitted = 0;
  ended = 0;
  #waiting = new Map();
  #atEnd = [];

  constructor(pipeline, tenants) {
    this.pipeline = pipeline;
    this.tenants = tenants;
    pipeline.runner.ended = (id) => this.#end(id);
  }

  /** Submits one job; resolves at the commit of its end with the times of both commits, ms. */
  async one() {
    const job = sampleJob(this.tenants[this.submitted++ % this.tenants.length]);
    const from = performance.now();
    const end = new Promise((resolve) => this.#waiting.set(job.id, resolve));
    const outcome = await this.pipeline.writer.write(job);
    if (outcome.kind !== 'created') throw new Error(`a submit ended as ${outcome.kind}`);
    const acceptedMs = performance.now() - from;
    await end;
    return { acceptedMs, endedMs: performance.now() - from };
  }

  /** Keeps `inFlight` jobs between their submit and their end; resolves when `stopped` says so and all have ended. */
  async closed(inFlight, stopped) {
    const loop = async () => {
      while (!stopped()) await this.one();
    };
    await Promise.all(Array.from({ length: inFlight }, loop));
  }

  /** Submits at a rate whatever comes back; gives the times of the jobs submitted from `keepFromMs` on. */
  async open(ratePerS, forMs, keepFromMs = 0) {
    const from = performance.now();
    const jobs = [];
    for (let sent = 0; ;) {
      const nowMs = performance.now() - from;
      if (nowMs >= forMs) break;
      for (; sent < (nowMs * ratePerS) / 1_000; sent++) {
        const job = this.one();
        if (nowMs >= keepFromMs) jobs.push(job);
        else job.catch(() => undefined);
      }
      await sleep(TICK_MS);
    }
    return Promise.all(jobs);
  }

  /** Resolves when this many jobs have ended. */
  until(count) {
    if (this.ended >= count) return Promise.resolve();
    return new Promise((resolve) => this.#atEnd.push({ count, resolve }));
  }

  #end(id) {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
    this.ended++;
    while (this.#atEnd[0]?.count <= this.ended) this.#atEnd.shift().resolve();
  }
}
