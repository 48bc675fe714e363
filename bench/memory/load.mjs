import { setTimeout as sleep } from 'node:timers/promises';

/** Of so many submits one carries its file itself, and one is followed to its end. */
const INLINE_EVERY = 20;
const FOLLOWED_EVERY = 6;
const LIST_EVERY_MS = 500;
const TENANT_STREAM_PAUSE_MS = 1_000;

/**
 * A steady load at `ratePerS` whatever comes back: submits of all prepared requests in turn, a part followed live and read
 * to the result, one tenant's stream, pages of lists. It keeps counts alone, so that its own memory stays small.
 */
export class Load {
  counts = { sent: 0, accepted: 0, refused: 0, followed: 0, done: 0, results: 0, tenantEvents: 0, lists: 0, errors: 0 };
  /** The first few of what went wrong. */
  examples = [];
  #latenciesMs = [];
  #open = new Set();
  #isStopped = false;
  #loops = [];

  constructor(client, requests, ratePerS) {
    this.client = client;
    this.requests = requests;
    this.ratePerS = ratePerS;
    this.tenants = [...new Set(requests.map(({ tenant }) => tenant))];
  }

  start() {
    this.#loops = [this.#submitAll(), this.#readLists(), this.#watchTenant(this.tenants[0])];
  }

  /** From submit to the `done` event of the jobs followed since the last call, ms. */
  takeLatencies() {
    return this.#latenciesMs.splice(0);
  }

  /** No more submits; what is under way gets `limitMs` to end. */
  async stop(limitMs) {
    this.#isStopped = true;
    await Promise.race([Promise.all(this.#open), sleep(limitMs, undefined, { ref: false })]);
    this.client.close();
    await Promise.all(this.#loops);
  }

  async #submitAll() {
    const from = performance.now();
    let n = 0;
    while (!this.#isStopped) {
      const due = ((performance.now() - from) * this.ratePerS) / 1_000;
      for (; n < due; n++) this.#track(this.#submit(n));
      await sleep(5);
    }
  }

  async #submit(n) {
    const { tenant, byFile, inline } = this.requests[n % this.requests.length];
    const { body, headers } = n % INLINE_EVERY === 0 ? inline : byFile;
    const fromMs = performance.now();
    this.counts.sent++;
    const { status, text } = await this.client.call(tenant, 'POST', '/v1/jobs', body, headers);
    if (status !== 202) {
      this.counts.refused++;
      throw new Error(`a submit was answered ${status}: ${text.slice(0, 200)}`);
    }
    this.counts.accepted++;
    if (n % FOLLOWED_EVERY === 0) await this.#follow(tenant, JSON.parse(text).id, fromMs);
  }

  async #follow(tenant, id, fromMs) {
    this.counts.followed++;
    await this.client.follow(tenant, `/v1/jobs/${id}/stream?afterSeq=0`, (event) => {
      if (event !== 'done') return;
      this.counts.done++;
      this.#latenciesMs.push(performance.now() - fromMs);
    });
    for (const part of ['', '/timeline', '/result']) {
      const { status } = await this.client.call(tenant, 'GET', `/v1/jobs/${id}${part}`);
      if (status !== 200) throw new Error(`GET /v1/jobs/:id${part} was answered ${status}`);
    }
    this.counts.results++;
  }

  async #readLists() {
    for (let n = 0; !this.#isStopped; n++) {
      await this.#track(this.#readList(this.tenants[n % this.tenants.length]));
      await sleep(LIST_EVERY_MS);
    }
  }

  /** Two pages of jobs, one of events. */
  async #readList(tenant) {
    const first = await this.client.call(tenant, 'GET', '/v1/jobs?limit=50');
    const token = first.status === 200 ? JSON.parse(first.text).nextPageToken : null;
    if (token) await this.client.call(tenant, 'GET', `/v1/jobs?limit=50&pageToken=${encodeURIComponent(token)}`);
    const events = await this.client.call(tenant, 'GET', '/v1/events?limit=50');
    if (first.status !== 200 || events.status !== 200) throw new Error(`lists: ${first.status}, ${events.status}`);
    this.counts.lists++;
  }

  async #watchTenant(tenant) {
    let lastId = null;
    while (!this.#isStopped) {
      const headers = lastId ? { 'last-event-id': lastId } : {};
      const onEvent = () => this.counts.tenantEvents++;
      const read = this.client.follow(tenant, '/v1/events/stream', onEvent, headers);
      lastId = (await read.catch((error) => this.#failed(error))) ?? lastId;
      if (!this.#isStopped) await sleep(TENANT_STREAM_PAUSE_MS);
    }
  }

  #track(work) {
    const watched = work.catch((error) => this.#failed(error)).finally(() => this.#open.delete(watched));
    this.#open.add(watched);
    return watched;
  }

  #failed(error) {
    if (this.#isStopped) return null;
    this.counts.errors++;
    if (this.examples.length < 5) this.examples.push(error.message);
    return null;
  }
}
