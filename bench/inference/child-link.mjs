import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers one message at a time. */
export class ChildLink {
  constructor(url, args = []) {
    this.child = fork(url, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
  }

  /** @throws what the child could not do, or that it ended */
  async ask(message) {
    this.child.send(message);
    const ended = once(this.child, 'exit').then(([code]) => ({ error: `the process ended with ${code}` }));
    const answer = await Promise.race([once(this.child, 'message').then(([text]) => text), ended]);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  async close() {
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
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
