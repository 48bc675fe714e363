import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';
import type { LeaseThreadData } from './lease-thread.js';

// Entry of the lease thread. Tests run this source with Node's type stripping: packages and types only, no decorators.

const RETRY_MS = 1_000;
const { url, renewSql, times } = workerData as LeaseThreadData;
let workerId = 0;
let lostId = 0;
let heardMs = Number.NEGATIVE_INFINITY;
let client: pg.Client | null = null;

parentPort?.on('message', (id: number) => {
  workerId = id;
  heardMs = performance.now();
});

for (;;) {
  const renewed = await renew().catch(() => forget(client));
  await delay(renewed === false ? Math.min(RETRY_MS, times.renewEveryMs) : times.renewEveryMs);
}

/** Renews, unless the main thread is silent or this worker is known to be dead. A failure is tried again soon. */
async function renew(): Promise<void> {
  if (workerId === lostId || performance.now() - heardMs > times.silenceLimitMs) return;
  const id = workerId;
  client ??= await connect();
  const { rowCount } = await client.query({ name: 'lease-renew', text: renewSql, values: [id, times.leaseMs] });
  if (rowCount !== 0) return;
  lostId = id;
  parentPort?.postMessage(id);
}

/** A link that says nothing is given up in time for another try before the lease ends. */
async function connect(): Promise<pg.Client> {
  const fresh = new pg.Client({
    connectionString: url,
    application_name: 'maru_lease',
    connectionTimeoutMillis: times.renewEveryMs,
    query_timeout: times.renewEveryMs,
    keepAlive: true,
  });
  fresh.on('error', () => forget(fresh));
  await fresh.connect();
  return fresh;
}

function forget(broken: pg.Client | null): false {
  if (client === broken) client = null;
  broken?.end().catch(() => undefined);
  return false;
}
