import fs from 'node:fs';
import pg from 'pg';

/** One connection as one of the product's roles that sums up the processor time of its server process by statement. */
export class MeterConnection {
  /** Microseconds by the statement's name. */
  used = {};

  /**
   * @param role a login role of the product, with its planner settings; null: the superuser, whom no row-level security meets
   * @param texts statements that replace the product's, by name
   */
  static async open(url, role, texts = {}) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select rolconfig from pg_roles where rolname = $1', [role ?? 'maru_worker']);
    if (role) await client.query(`set role ${role}`);
    for (const setting of rows[0].rolconfig ?? []) {
      const [name, value] = setting.split('=');
      await client.query('select set_config($1, $2, false)', [name, value]);
    }
    const { rows: own } = await client.query('select pg_backend_pid() as pid');
    return new MeterConnection(client, own[0].pid, texts);
  }

  constructor(client, pid, texts) {
    Object.assign(this, { client, pid, texts });
  }

  /** As a pool's `query`, which is all that the product's repositories need. */
  async query(config) {
    const before = this.#cpuUs();
    const result = await this.client.query({ ...config, text: this.texts[config.name] ?? config.text });
    this.used[config.name] = (this.used[config.name] ?? 0) + this.#cpuUs() - before;
    return result;
  }

  close() {
    return this.client.end();
  }

  #cpuUs() {
    return Number(fs.readFileSync(`/proc/${this.pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
  }
}
