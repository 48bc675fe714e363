import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A tenant that submits far more than its share, from a process of its own. */
export class Flooder {
  #child = fork(new URL('./flood-child.mjs', import.meta.url));

  /** @param load `{ origin, requests, ratePerS, deadlineMs }`; deadlineMs null = undated */
  start(load) {
    const requests = load.requests.map(({ tenant, byFile }) => ({ tenant, byFile }));
    this.#child.send({ ...load, requests });
  }

  /** What was sent, accepted and refused. */
  async stop() {
    this.#child.send({ stop: true });
    const [counts] = await once(this.#child, 'message');
    return counts;
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}
