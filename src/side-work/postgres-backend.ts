import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend } from 'bullmq';

/** Pause after a look that found the server away, ms: BullMQ's loops ask again at once. */
const RETRY_MS = 1_000;

/** What BullMQ's backend and its connection keep to themselves. */
interface ReadyOnce {
  readyPromise?: Promise<void> | undefined;
  waitUntilReady(): Promise<void>;
}

/**
 * BullMQ on PostgreSQL, for a server that may be away while a process starts. The original remembers its first look at the
 * server for ever: after a failure every operation fails at once, and its workers spin without a pause until the process
 * does nothing else.
 */
export const postgresBackend: typeof createPostgresBackend = (...args) => {
  const backend = createPostgresBackend(...args);
  const inner = backend as unknown as ReadyOnce & { readonly connection: ReadyOnce };
  lookAgain(inner.connection, RETRY_MS);
  lookAgain(inner, 0);
  return backend;
};

/** Forgets a look that failed, so that the next caller looks again. */
function lookAgain(target: ReadyOnce, pauseMs: number): void {
  const look = target.waitUntilReady.bind(target);
  target.waitUntilReady = async () => {
    try {
      await look();
    } catch (error) {
      target.readyPromise = undefined;
      await delay(pauseMs, undefined, { ref: false });
      throw error;
    }
  };
}
