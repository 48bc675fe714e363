import fs from 'node:fs';
import type { AnswerMessage, Operations, RequestMessage } from './operations.js';

// Runs in the child processes: erasable TypeScript only.

/** Longest error text that goes back to the parent. */
const MAX_REFUSAL_CHARS = 500;

type Handlers<T extends Operations<T>> = {
  [Name in keyof T]: (request: T[Name]['request']) => Promise<T[Name]['answer']>;
};

/**
 * Turns this process into a child that answers requests strictly one at a time, in order of arrival. It ends when its
 * parent does. An error of a handler goes back as a refusal; the process goes on.
 */
export function serveRequests<T extends Operations<T>>(handlers: Handlers<T>): void {
  process.title = process.env['MARU_TITLE'] ?? 'maru child';
  offerToOutOfMemoryKiller();
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C and service managers signal the whole group: the worker drains first and then lets its children go.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const table = { ping: async () => null, ...handlers } as Record<string, (request: unknown) => Promise<unknown>>;
  let tail = Promise.resolve();
  process.on('message', (message: RequestMessage) => {
    tail = tail.then(async () => {
      try {
        if (!Object.hasOwn(table, message.operation)) throw new Error(`unknown operation ${message.operation}`);
        send({ id: message.id, answer: await table[message.operation]?.(message.request) });
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        send({ id: message.id, refusal: text.slice(0, MAX_REFUSAL_CHARS) });
      }
    });
  });
  send({ ready: true });
}

function send(message: AnswerMessage): void {
  if (process.connected) process.send?.(message);
}

/** If memory runs out, an engine or decoder goes before the worker and the database. */
function offerToOutOfMemoryKiller(): void {
  try {
    fs.writeFileSync('/proc/self/oom_score_adj', '800');
  } catch {
    // Not Linux: there is no such score.
  }
}
