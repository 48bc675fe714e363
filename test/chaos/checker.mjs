import { readJobs, uuidOf } from './history.mjs';
import { replay } from './timeline.mjs';

const EXAMPLES = 10;

/** Compares what the clients saw with what the database says. Knows nothing of the product but its tables and its API. */
export class Checker {
  findings = Object.fromEntries(
    ['lost', 'stuck', 'doubled', 'stale', 'gap', 'wrong'].map((kind) => [kind, { count: 0, examples: [] }]),
  );
  statuses = {};
  errorCodes = {};
  attempts = 0;
  jobs = 0;
  /** Of each job: `{ transitions, status, endMs }`, for the recovery times and the followers. */
  histories = new Map();

  async check(database, clients, followers) {
    const byKey = new Map();
    const digests = new Map();
    for await (const job of readJobs(database)) {
      this.#checkJob(job);
      if (job.key) byKey.set(job.key, [...(byKey.get(job.key) ?? []), job.id]);
      if (job.ends[0]?.hasResult)
        digests.set(job.inputDigest, (digests.get(job.inputDigest) ?? new Set()).add(job.ends[0].resultDigest));
    }
    for (const [key, ids] of byKey) if (ids.length > 1) this.#find('doubled', `the key ${key} made ${ids}`);
    for (const [input, results] of digests)
      if (results.size > 1) this.#find('wrong', `the input ${input} has ${results.size} different results`);
    this.distinctInputs = digests.size;
    this.#checkAnswers(clients);
    for (const story of followers.followed) this.#checkStory(story);
  }

  #checkJob(job) {
    const { transitions, faults, status } = replay(job);
    for (const { kind, text } of faults) this.#find(kind, text);
    const [end] = job.ends;
    if (!end) {
      if (job.queueState === null) this.#find('lost', `${job.id} is neither in the queue nor ended`);
      else this.#find('stuck', `${job.id}: state ${job.queueState}, attempt ${job.queueAttempt}, seq ${job.queueSeq}`);
    }
    this.jobs++;
    this.attempts += end?.attempt ?? job.queueAttempt ?? 0;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (end?.errorCode) this.errorCodes[end.errorCode] = (this.errorCodes[end.errorCode] ?? 0) + 1;
    this.histories.set(job.id, { transitions, status, endMs: end?.finishedMs ?? null });
  }

  /** What was promised to a client must be there. */
  #checkAnswers(clients) {
    const idOfKey = new Map();
    for (const { key, id } of clients.accepted) {
      if (!this.histories.has(uuidOf(id))) this.#find('lost', `${id} was accepted and does not exist`);
      if (idOfKey.has(key) && idOfKey.get(key) !== id)
        this.#find('doubled', `${key} was answered ${idOfKey.get(key)}, then ${id}`);
      idOfKey.set(key, id);
    }
    this.accepted = idOfKey.size;
    for (const { id, status } of clients.canceled) {
      const found = this.histories.get(uuidOf(id));
      const expected = status === 'canceling' ? ['canceled', 'succeeded', 'failed'] : [status];
      if (!expected.includes(found?.status))
        this.#find('wrong', `${id} was answered ${status} and is ${found?.status}`);
    }
    for (const { key, status, body } of clients.refused)
      this.#find('wrong', `${key} was refused: ${status} ${body?.detail}`);
  }

  /** A follower saw every transition once, in order, and nothing that was not kept. */
  #checkStory({ id, events, done }) {
    const seen = events.map(({ seq, type }) => `${seq} ${type}`).join(', ');
    const kept = (this.histories.get(uuidOf(id))?.transitions ?? [])
      .map(({ seq, type }) => `${seq} ${type}`)
      .join(', ');
    if (!done) this.#find('stuck', `the stream of ${id} did not end; it told ${seen}`);
    else if (seen !== kept) this.#find('gap', `the stream of ${id} told ${seen}; the history is ${kept}`);
  }

  #find(kind, text) {
    const found = this.findings[kind];
    found.count++;
    if (found.examples.length < EXAMPLES) found.examples.push(text);
  }
}
