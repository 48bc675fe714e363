import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('../../dist/src/worker.js', import.meta.url));

/** A worker process that joins a running installation by hand, as on a second machine. */
export class JoinedWorker {
  #child;
  #ended;
  output = '';

  /** @param environment of the installation, with DATABASE_URL */
  constructor(environment) {
    const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'warn' };
    const env = { ...inherited, ...environment };
    this.#child = spawn(process.execPath, [WORKER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (chunk) => (this.output = (this.output + String(chunk)).slice(-3_000)));
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Drains it; forced after `limitMs`. */
  async stop(limitMs = 30_000) {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const force = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    this.#child.kill('SIGTERM');
    await this.#ended;
    clearTimeout(force);
  }
}
