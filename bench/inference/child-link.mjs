import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers one message at a time. */
export class ChildLink {
  #ended;

  constructor(url, args = []) {
    this.child = fork(url, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
    this.#ended = once(this.child, 'exit').then(([code]) => ({ error: `the process ended with ${code}` }));
  }

  /** @throws what the child could not do, or that it ended */
  async ask(message) {
    this.child.send(message);
    const answered = new Promise((resolve) => this.child.once('message', resolve));
    const answer = await Promise.race([answered, this.#ended]);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  async close() {
    this.child.disconnect();
    await this.#ended;
  }
}

/** The child's side: answers each message with what `work` returns. */
export function answerWith(work) {
  process.on('message', (message) =>
    work(message).then(
      (answer) => process.send(answer),
      (error) => process.send({ error: error.message }),
    ),
  );
}
