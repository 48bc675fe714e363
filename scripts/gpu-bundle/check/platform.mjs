import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { driverEnvironment } from './drivers.mjs';

const READY_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 30_000;
const READY = 'Maru is ready at';

/** The whole platform as `npm start` runs it: supervisor, api, worker and its own PostgreSQL, in a data folder of its own. */
export class Platform {
  static #living = new Set();
  output = '';
  origin = '';
  #child;
  #ended;
  #dataDir;

  /**
   * Resolves when it is ready: then its demo jobs have ended.
   * @param dataDir kept between starts
   * @param devices value of INFERENCE_DEVICES
   */
  static async start(root, dataDir, devices) {
    const port = await freePort();
    const platform = new Platform(root, dataDir, { PORT: String(port), INFERENCE_DEVICES: devices });
    platform.origin = `http://127.0.0.1:${port}`;
    try {
      await platform.#ready();
    } catch (error) {
      await platform.stop();
      throw error;
    }
    return platform;
  }

  /** Ends every platform that still runs. */
  static async stopAll() {
    await Promise.all([...Platform.#living].map((platform) => platform.stop()));
  }

  constructor(root, dataDir, settings) {
    this.#dataDir = dataDir;
    const { PATH, HOME, TMPDIR } = process.env;
    const own = { PATH, HOME, TMPDIR, LANG: 'C.UTF-8', NODE_ENV: 'development', DATA_DIR: dataDir };
    const env = { ...own, MIN_FREE_DISK_MIB: '0', ...driverEnvironment(root), ...settings };
    const script = path.join(root, 'dist/src/supervisor.js');
    this.#child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = once(this.#child, 'exit');
    Platform.#living.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** The demo tenants: `{ slug, apiKey, analyzers }`. */
  get tenants() {
    return JSON.parse(fs.readFileSync(path.join(this.#dataDir, 'demo-credentials.json'), 'utf8')).tenants;
  }

  /** As Ctrl-C; by force when it takes too long. Resolves when it has ended, also the second time. */
  async stop() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGINT');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
    Platform.#living.delete(this);
  }

  #ready() {
    return new Promise((resolve, reject) => {
      const fail = (how) => reject(new Error(`the platform ${how}; it printed:\n${this.output.slice(-2_000)}`));
      const timer = setTimeout(() => fail(`was not ready within ${READY_LIMIT_MS / 1_000} s`), READY_LIMIT_MS);
      const look = () => {
        if (!this.output.includes(READY)) return;
        clearTimeout(timer);
        resolve();
      };
      for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', look);
      void this.#ended.then(([code, signal]) => {
        clearTimeout(timer);
        fail(`ended (${signal ?? `exit code ${code}`})`);
      });
    });
  }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
