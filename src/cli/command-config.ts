import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { loadConfig, type MaruConfig } from '../config/config.js';
import { livingPostmaster } from '../database/embedded/postmaster.js';
import { clusterDirectory } from '../database/embedded/server-account.js';
import { CommandRefusedError } from './command-refused.error.js';

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The configuration of a command: it works on DATABASE_URL, else on the embedded database of the running installation.
 * @throws CommandRefusedError when no database answers
 */
export async function commandConfig(config: MaruConfig = loadConfig()): Promise<MaruConfig> {
  const url = config.database.url ?? embeddedUrl(config);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
  } catch (error) {
    throw new CommandRefusedError(`The database does not answer: ${(error as Error).message}`);
  } finally {
    await client.end().catch(() => undefined);
  }
  return { ...config, database: { url } };
}

function embeddedUrl({ storage, secrets }: MaruConfig): string {
  const isThere = fs.existsSync(storage.dataDir);
  const postmaster = isThere ? livingPostmaster(clusterDirectory(path.resolve(storage.dataDir, 'postgres'))) : null;
  if (!postmaster) {
    throw new CommandRefusedError(
      'Maru is not running here. Start it (npm start), or set DATABASE_URL, and try again.',
    );
  }
  const password = encodeURIComponent(secrets.rolePassword('postgres'));
  return `postgres://postgres:${password}@127.0.0.1:${postmaster.port}/postgres`;
}
