import { NoOpRunner } from './no-op-runner.mjs';

/** A no-op runner that begins so many jobs a second and notes the commit of each transition. */
export class PacedRunner extends NoOpRunner {
  /** Wall time in ms by job and seq. */
  commits = new Map();
  #nextMs = 0;
  #left = 0;
  #resolve = () => undefined;

  constructor(journals, recorder, groups, ratePerS) {
    super(journals, recorder, groups);
    this.everyMs = 1_000 / ratePerS;
  }

  async run(claim) {
    const nowMs = performance.now();
    this.#nextMs = Math.max(this.#nextMs + this.everyMs, nowMs);
    await new Promise((resolve) => setTimeout(resolve, this.#nextMs - nowMs));
    await super.run(claim);
    if (--this.#left === 0) this.#resolve();
  }

  /** Resolves after this many jobs. */
  allEnded(count) {
    this.#left += count;
    return new Promise((resolve) => (this.#resolve = resolve));
  }

  noteCommit(journal, count) {
    const { jobId } = journal.claim;
    const commits = this.commits.get(jobId) ?? new Map();
    const ms = performance.timeOrigin + performance.now();
    for (let seq = journal.nextSeq; seq < journal.nextSeq + count; seq++) commits.set(seq, ms);
    this.commits.set(jobId, commits);
  }
}
