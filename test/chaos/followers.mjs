import { setTimeout as sleep } from 'node:timers/promises';

/** Jobs followed at a time. */
const FOLLOWERS = 6;
/** Heartbeats come every 15 s; a stream that is silent for longer is dead. */
const SILENCE_MS = 20_000;

/** Clients that follow jobs by server-sent events over every break, each from the last event that it saw. */
export class Followers {
  /** `{ id, events: [{ seq, type }], done, breaks }` for each followed job. */
  followed = [];
  #stopping = false;

  constructor(product, clients) {
    this.product = product;
    this.clients = clients;
  }

  start() {
    this.loops = Array.from({ length: FOLLOWERS }, (_, n) => this.#loop(n));
  }

  /** Resolves when the jobs in hand have ended. `limitMs`: when to give up. */
  async stop(limitMs) {
    this.#stopping = true;
    this.endMs = performance.now() + limitMs;
    await Promise.all(this.loops);
  }

  async #loop(n) {
    for (let last = null; !this.#stopping;) {
      const newest = this.clients.accepted.at(-1 - n);
      if (!newest || newest === last) await sleep(50);
      else await this.#follow((last = newest));
    }
  }

  async #follow({ tenant, id }) {
    const story = { id, events: [], done: false, breaks: 0 };
    this.followed.push(story);
    while (!story.done && performance.now() < (this.endMs ?? Infinity)) {
      try {
        await this.#read(tenant, story);
      } catch {
        // cut off: by a kill, a reset, or our own patience
      }
      if (!story.done) {
        story.breaks++;
        await sleep(100);
      }
    }
  }

  async #read(tenant, story) {
    const patience = new AbortController();
    let timer = setTimeout(() => patience.abort(), SILENCE_MS);
    const headers = {
      authorization: `Bearer ${tenant.apiKey}`,
      accept: 'text/event-stream',
      'last-event-id': String(story.events.at(-1)?.seq ?? 0),
    };
    try {
      const url = `${this.product.origin}/v1/jobs/${story.id}/stream`;
      const response = await fetch(url, { headers, signal: patience.signal });
      if (response.status === 204) story.done = true;
      if (response.status !== 200) return;
      for await (const block of blocksOf(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => patience.abort(), SILENCE_MS);
        note(story, block);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function note(story, block) {
  const field = (name) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
  const event = field('event');
  if (!['status', 'stage', 'done'].includes(event)) return;
  story.events.push({ seq: Number(field('id')), type: JSON.parse(field('data')).type });
  if (event === 'done') story.done = true;
}

async function* blocksOf(body) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop();
    yield* blocks;
  }
}
