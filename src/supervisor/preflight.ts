import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { ServerConfig } from '../config/config.js';
import { say } from './console-log.js';
import { StartRefusedError } from './start-refused.error.js';

/** Long enough for the roles of a killed predecessor to notice and drain. */
const PREDECESSOR_LIMIT_MS = 25_000;
const CONNECT_LIMIT_MS = 5_000;

/**
 * Throws StartRefusedError unless the API's port is free. `afterCrash` waits for the roles of a predecessor that was
 * killed: they close their port within seconds.
 */
export async function assertPortFree(server: ServerConfig, afterCrash: boolean): Promise<void> {
  const end = performance.now() + (afterCrash ? PREDECESSOR_LIMIT_MS : 0);
  let told = false;
  for (;;) {
    const code = await listenOnce(server.host, server.port);
    if (code === null) return;
    if (code !== 'EADDRINUSE') throw portRefused(server, code);
    if (performance.now() >= end) throw portTaken(server);
    if (!told) say('Waiting for the processes of a killed predecessor to finish ...');
    told = true;
    await delay(100);
  }
}

/** Throws StartRefusedError unless the server of a given DATABASE_URL lets us in. Names no password. */
export async function assertDatabaseReachable(databaseUrl: string): Promise<void> {
  const { hostname, port, pathname, username } = new URL(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartRefusedError(
      `Maru cannot reach the database ${pathname.slice(1)} at ${hostname}:${port || 5432} as ${username || 'default user'} ` +
        `(${code ?? message}): correct DATABASE_URL, or unset it to use the embedded PostgreSQL.`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function listenOnce(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

function portTaken({ host, port }: ServerConfig): StartRefusedError {
  return new StartRefusedError(
    `Port ${port} on ${host} is already taken: stop the program that uses it (another Maru?), or set PORT to a free one.`,
  );
}

function portRefused({ host, port }: ServerConfig, code: string): StartRefusedError {
  return new StartRefusedError(
    `Maru cannot listen on ${host}:${port} (${code}): set HOST and PORT to an address of this machine.`,
  );
}
