import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../smoke/checks.mjs';
import { freePort, MaruProcess } from '../support/maru-process.ts';
import { DatabaseProxy } from './database-proxy.mjs';
import { Database } from './database.mjs';
import { processesBelow, signal } from './processes.mjs';

const WORKER = fileURLToPath(new URL('../../dist/src/worker.js', import.meta.url));
const RESTART_MS = 300;

/**
 * What is shaken: PostgreSQL, the built supervisor with its api and worker A behind one proxy, and worker B, which joined
 * by hand, behind another.
 */
export class Product {
  #stopping = false;

  /** Resolves when the demo tenants are seeded and both workers hold a lease. */
  static async start() {
    const product = new Product();
    product.base = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-chaos-'));
    fs.chmodSync(product.base, 0o755);
    product.database = await Database.start(path.join(product.base, 'postgres'));
    const { port } = product.database;
    product.proxies = { main: new DatabaseProxy(port), b: new DatabaseProxy(port) };
    await Promise.all(Object.values(product.proxies).map((proxy) => proxy.listen()));
    await product.#startSupervisor();
    await product.#joinWorker();
    return product;
  }

  get origin() {
    return this.maru.origin;
  }

  /** The demo tenants: `{ slug, apiKey, analyzers }`. */
  get tenants() {
    return JSON.parse(fs.readFileSync(path.join(this.dataDir, 'demo-credentials.json'), 'utf8')).tenants;
  }

  /** Living processes whose title begins so: `{ pid, title, workerPid }`; `workerPid` is the worker that it belongs to. */
  processes(title) {
    const found = [];
    for (const root of [this.#supervisorPid(), this.workerB?.pid]) {
      const tree = root ? processesBelow(root) : [];
      const workerPid = tree.find((p) => p.title === 'maru worker')?.pid ?? null;
      for (const p of tree) if (p.title.startsWith(title)) found.push({ ...p, workerPid });
    }
    return found;
  }

  /** Everything that any process printed. */
  get output() {
    return this.maru.output + this.workerOutput;
  }

  /** Ctrl-C. Throws when a process had to be forced, or ended otherwise than by 0. */
  async stop() {
    this.#stopping = true;
    const workerGone = new Promise((resolve) => this.workerB.once('exit', resolve));
    this.workerB.kill('SIGTERM');
    const code = await this.maru.interrupt();
    await workerGone;
    for (const proxy of Object.values(this.proxies)) proxy.close();
    await this.database.stop();
    if (code !== 0 || /ended by force/.test(this.maru.output))
      throw new Error(`exit code ${code}:\n${this.maru.output.slice(-500)}`);
    fs.rmSync(this.base, { recursive: true, force: true });
  }

  /** Leaves nothing running whatever state it is in. */
  kill() {
    this.#stopping = true;
    for (const root of [this.#supervisorPid(), this.workerB?.pid])
      for (const { pid } of root ? processesBelow(root) : []) signal(pid, 'SIGKILL');
    signal(this.database.server.pid, 'SIGQUIT');
  }

  async #startSupervisor() {
    this.dataDir = path.join(this.base, 'data');
    const url = this.database.urlThrough(this.proxies.main.port);
    this.env = { NODE_ENV: 'development', DATA_DIR: this.dataDir, INFERENCE_DEVICES: 'cpu', INFERENCE_DECODERS: '1' };
    const port = String(await freePort());
    this.maru = new MaruProcess({ ...this.env, DATABASE_URL: url, PORT: port, LOG_LEVEL: 'warn' });
    await this.maru.announced();
  }

  async #joinWorker() {
    this.workerOutput = '';
    this.#spawnWorker();
    const living = () => this.database.rows('select id from maru.workers where not dead');
    await until('the second worker to hold a lease', async () => (await living()).length >= 2, 60_000);
  }

  /** Nobody supervises it but us: when it dies it is started again. */
  #spawnWorker() {
    if (this.#stopping) return;
    const url = this.database.urlThrough(this.proxies.b.port);
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...this.env, DATABASE_URL: url, LOG_LEVEL: 'warn' };
    const child = spawn(process.execPath, [WORKER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (this.workerOutput += String(chunk)));
    child.on('exit', () => setTimeout(() => this.#spawnWorker(), RESTART_MS));
    this.workerB = child;
  }

  #supervisorPid() {
    const file = path.join(this.dataDir ?? '', 'supervisor.pid');
    return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : null;
  }
}
