import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { loadConfig, Secrets } from '../../dist/src/config/config.js';
import { freePort } from '../../dist/src/database/embedded/embedded-port.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';
import { migrate } from '../../dist/src/database/migrate.js';

/** What the server is started with; the rest is PostgreSQL's own default. Durability is on. */
export const SETTINGS = {
  shared_buffers: '1GB',
  max_wal_size: '6GB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '200',
};
const MASTER_KEY = 'bench-master-key-0123456789abcdef-0123456789abcdef';

/** A real PostgreSQL in a directory of its own, with as many databases as the cases need. */
export class Server {
  constructor(base, postgres) {
    this.base = base;
    this.postgres = postgres;
  }

  static async start() {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-bench-jobs-'));
    fs.chmodSync(base, 0o755);
    const directory = path.join(base, 'postgres');
    const options = { directory, port: await freePort(), password: 'bench', settings: SETTINGS };
    return new Server(base, await startEmbeddedPostgres(options));
  }

  /** Makes an empty database; its URL is the superuser's. */
  async emptyDatabase(name) {
    await this.admin(this.postgres.url, (client) => client.query(`create database ${name}`));
    const url = new URL(this.postgres.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Makes a database with the product's schema; gives the configuration that the product's processes would have. */
  async productDatabase(name) {
    const url = await this.emptyDatabase(name);
    await migrate(url, new Secrets(Buffer.from(MASTER_KEY)));
    const environment = this.environment(url);
    return { url, environment, config: loadConfig(environment) };
  }

  environment(url) {
    return {
      DATABASE_URL: url,
      DATA_DIR: path.join(this.base, 'data'),
      MARU_MASTER_KEY: MASTER_KEY,
      LOG_LEVEL: 'error',
      NODE_ENV: 'test',
    };
  }

  /** Runs `work` with a connection of the superuser. */
  async admin(url, work) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async stop() {
    await this.postgres.stop();
    for (const place of [this.postgres.directory, `${this.postgres.directory}.log`, this.base])
      fs.rmSync(place, { recursive: true, force: true });
  }
}
