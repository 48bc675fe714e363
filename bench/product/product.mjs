import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, isAlive, MaruProcess, postgresPid } from '../../test/support/maru-process.ts';
import { memoryOfTree } from './processes.mjs';

/** The built product as a user starts it, in a data directory of its own: supervisor, api, worker, engines, PostgreSQL. */
export class Product {
  #base = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-bench-product-'));
  #dataDir = path.join(this.#base, 'data');
  #maru = null;
  #environment;

  /** @param environment overrides the processes' own, such as DATABASE_URL for a server that somebody else stops */
  constructor(environment = {}) {
    this.#environment = environment;
  }

  /** Resolves when the demo tenants are seeded and their first jobs have ended. */
  async start() {
    fs.chmodSync(this.#base, 0o755);
    this.#maru = new MaruProcess({ ...this.environment, PORT: String(await freePort()) });
    await this.#maru.announced();
    return this;
  }

  /** What a further process of this installation is started with. */
  get environment() {
    const own = { NODE_ENV: 'development', DATA_DIR: this.#dataDir, INFERENCE_DEVICES: 'cpu' };
    return { ...own, ...this.#environment };
  }

  get origin() {
    return this.#maru.origin;
  }

  /** The demo tenants: `{ slug, apiKey, analyzers }`. */
  get tenants() {
    return JSON.parse(fs.readFileSync(path.join(this.#dataDir, 'demo-credentials.json'), 'utf8')).tenants;
  }

  /** The last of what its processes printed. */
  get output() {
    return this.#maru?.output.slice(-3_000) ?? '';
  }

  /** Memory of every process of it: `{ pid, role, rssMiB, pssMiB, anonMiB }`. */
  memory() {
    return memoryOfTree(this.#pids());
  }

  /** As Ctrl-C; what is left after that is ended by its id. Then the data directory is removed. */
  async stop() {
    const pids = this.memory().map(({ pid }) => pid);
    if (this.#maru?.exitCode === null) await this.#maru.interrupt().catch(() => this.#maru.kill('SIGKILL'));
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    fs.rmSync(this.#base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** The supervisor, and PostgreSQL, which may be nobody's child. */
  #pids() {
    const pids = this.#maru?.tree().map(({ pid }) => pid) ?? [];
    try {
      pids.push(postgresPid(this.#dataDir));
    } catch {
      // it was not started yet
    }
    return pids;
  }
}
