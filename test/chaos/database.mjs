import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { until } from '../smoke/checks.mjs';
import { freePort, isAlive } from '../support/maru-process.ts';
import { signal } from './processes.mjs';

/** As the supervisor runs its own server, with room for links that are half-open for a while. */
const SETTINGS = { shared_buffers: '256MB', max_connections: '300', autovacuum_naptime: '5s', max_wal_size: '2GB' };
const PASSWORD = 'chaos';

/** The PostgreSQL under test, started by the built product's own starter, and a superuser's way into it past all proxies. */
export class Database {
  /** From each crash until it answered again, ms. */
  restarts = [];

  constructor(directory, startEmbeddedPostgres) {
    this.directory = directory;
    this.startEmbeddedPostgres = startEmbeddedPostgres;
  }

  static async start(directory) {
    const starter = new URL('../../dist/src/database/embedded/embedded-postgres.js', import.meta.url);
    const database = new Database(directory, (await import(starter)).startEmbeddedPostgres);
    database.port = await freePort();
    await database.#launch();
    database.pool = new pg.Pool({ connectionString: database.server.url, max: 4, query_timeout: 60_000 });
    database.pool.on('error', () => undefined);
    return database;
  }

  /** URL of the superuser through a port of ours. */
  urlThrough(port) {
    const url = new URL(this.server.url);
    url.port = String(port);
    return url.href;
  }

  /** Rows of a statement; repeated while the server is away. */
  async rows(text, values = []) {
    for (const end = performance.now() + 60_000; ;) {
      try {
        return (await this.pool.query(text, values)).rows;
      } catch (error) {
        const away = !/^[0-9A-Z]{5}$/.test(error.code ?? '') || /^(57P|08)/.test(error.code);
        if (!away || performance.now() > end) throw error;
        await sleep(50);
      }
    }
  }

  /** SIGKILL, or SIGQUIT for an immediate shutdown; then it is started again. Resolves when it answers. */
  async crash(name) {
    const began = performance.now();
    const { pid } = this.server;
    signal(pid, name);
    await until('PostgreSQL to die', () => !isAlive(pid));
    await this.#launch();
    this.restarts.push(performance.now() - began);
  }

  async stop() {
    await this.pool.end();
    await this.server.stop();
  }

  async #launch() {
    const { directory, port } = this;
    this.server = await this.startEmbeddedPostgres({ directory, port, password: PASSWORD, settings: SETTINGS });
  }
}
