import { setTimeout as sleep } from 'node:timers/promises';
import { requestOf, uploadImages } from './requests.mjs';

/** Requests of one tenant that wait for an answer at a time. */
const CONCURRENCY = 24;
/** A client that heard nothing for so long asks again. */
const PATIENCE_MS = 5_000;
/** After the storm a request gets this long to be answered at last. */
const LAST_WORD_MS = 60_000;
/** Attempts that a job may use: chaos costs several. */
const MAX_ATTEMPTS = 10;

/**
 * Integrations of all tenants. Every request carries an idempotency key and is repeated with it, whatever went wrong,
 * until it is answered 202, as a careful client would; now and then one is repeated or canceled after that.
 */
export class Clients {
  /** `{ tenant, key, id, atMs, waitedMs }` for each 202; a repetition answers with an entry of its own. */
  accepted = [];
  /** `{ id, status }`: what a cancel was answered. */
  canceled = [];
  /** Answers that a correct client must not get. */
  refused = [];
  /** Keys that were never answered; such a job may exist or not. */
  unanswered = [];
  repeats = {};
  #stopping = false;
  #unfinished = 0;
  #lastWordMs = Infinity;
  #cancels = new Set();

  constructor(product, random, options) {
    this.product = product;
    this.random = random;
    this.options = options;
    this.run = Date.now().toString(36);
  }

  /** True while they hold back because enough is unfinished. */
  get full() {
    return this.#unfinished >= this.options.backlog;
  }

  /** Jobs that have ended, as of the last look at the queue. */
  get ended() {
    return this.accepted.length - this.#unfinished;
  }

  /** Submits until `stop`. */
  async start() {
    const { tenants, origin } = this.product;
    this.loops = [this.#watchQueue()];
    for (const tenant of tenants) {
      const images = await uploadImages(origin, tenant);
      for (let i = 0; i < CONCURRENCY; i++) this.loops.push(this.#submitAll(tenant, images, `${this.run}-${i}`));
    }
  }

  /** Resolves when every request has its answer or was given up. */
  async stop() {
    this.#stopping = true;
    this.#lastWordMs = performance.now() + LAST_WORD_MS;
    await Promise.all(this.loops);
    await Promise.all(this.#cancels);
  }

  /** One statement a moment instead of a poll for every job. */
  async #watchQueue() {
    while (!this.#stopping) {
      const [row] = await this.product.database.rows('select count(*)::int as n from maru.job_queue');
      this.#unfinished = row.n;
      await sleep(200);
    }
  }

  async #submitAll(tenant, images, prefix) {
    for (let n = 0; !this.#stopping; n++) {
      while (this.full && !this.#stopping) await sleep(50);
      await this.#submit(tenant, { ...requestOf(this.random, images), ...POLICY }, `${tenant.slug}-${prefix}-${n}`);
    }
  }

  async #submit(tenant, request, key) {
    const body = JSON.stringify({ ...request, metadata: { key } });
    const began = performance.now();
    for (let copies = this.random.next() < 0.01 ? 2 : 1; copies > 0;) {
      const answer = await this.#post(tenant, '/v1/jobs', body, { 'idempotency-key': key });
      if (answer.status === 202) {
        copies--;
        const { id } = answer.body;
        this.accepted.push({ tenant, key, id, atMs: Date.now(), waitedMs: performance.now() - began });
        if (this.random.next() < 0.02) this.#cancelSoon(tenant, id);
      } else if (MAY_REPEAT.has(answer.status) && performance.now() < this.#lastWordMs) {
        this.repeats[answer.status] = (this.repeats[answer.status] ?? 0) + 1;
        await sleep(Math.min(2_000, answer.retryAfterMs ?? 50 + Math.random() * 450));
      } else if (MAY_REPEAT.has(answer.status)) return this.unanswered.push({ tenant, key });
      else return this.refused.push({ key, status: answer.status, body: answer.body });
    }
  }

  #cancelSoon(tenant, id) {
    const work = sleep(Math.random() * 500)
      .then(() => this.#post(tenant, `/v1/jobs/${id}/cancel`, '{}'))
      .then(({ status, body }) => (status === 200 || status === 202) && this.canceled.push({ id, status: body.status }))
      .finally(() => this.#cancels.delete(work));
    this.#cancels.add(work);
  }

  /** Status 0: no answer. */
  async #post(tenant, path, body, headers = {}) {
    try {
      const response = await fetch(this.product.origin + path, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${tenant.apiKey}`, 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const retryAfter = Number(response.headers.get('retry-after'));
      const answer = { status: response.status, body: await response.json() };
      return retryAfter > 0 ? { ...answer, retryAfterMs: retryAfter * 1000 } : answer;
    } catch {
      return { status: 0 };
    }
  }
}

const POLICY = { retry: { maxAttempts: MAX_ATTEMPTS } };
/** No answer, in progress, too many, and what an api says while its database is away. */
const MAY_REPEAT = new Set([0, 409, 429, 500, 502, 503, 504]);
