// One run of the built supervisor, as a user would start it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './checks.mjs';

const SUPERVISOR = fileURLToPath(new URL('../../dist/src/supervisor.js', import.meta.url));
const ONLY_LINUX = 'process titles and trees are read from /proc';

export class MaruProcess {
  output = '';
  exitCode = null;

  constructor(env) {
    this.startedMs = performance.now();
    const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' };
    this.child = spawn(process.execPath, [SUPERVISOR], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.origin = `http://127.0.0.1:${env.PORT}`;
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (chunk) => (this.output += chunk));
    this.ended = new Promise((resolve) =>
      this.child.on('exit', (code, signal) => resolve((this.exitCode = code ?? signal))),
    );
  }

  /** Seconds until the API answered ready. */
  async ready(timeoutMs = 120_000) {
    await this.untilAlive(
      '/health/ready',
      async () => (await fetch(`${this.origin}/health/ready`)).status === 200,
      timeoutMs,
    );
    return (performance.now() - this.startedMs) / 1000;
  }

  /** Until the announcement, which comes after the demo jobs. */
  announced(timeoutMs = 120_000) {
    return this.untilAlive('the announcement', () => /Maru is ready at http/.test(this.output), timeoutMs);
  }

  async interrupt() {
    this.child.kill('SIGINT');
    await until('the supervisor to end', () => this.exitCode !== null);
    return this.exitCode;
  }

  /** Processes below the supervisor by title: `[{ pid, title }]`. */
  tree() {
    if (process.platform !== 'linux') throw new Error(ONLY_LINUX);
    const all = fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(readProcess)
      .filter(Boolean);
    const found = [this.child.pid];
    for (const pid of found) found.push(...all.filter(({ parent }) => parent === pid).map((p) => p.pid));
    return all.filter(({ pid }) => found.includes(pid));
  }

  pidOf(title) {
    return this.tree().find((p) => p.title.startsWith(title))?.pid;
  }

  untilAlive(what, look, timeoutMs) {
    return until(what, () => look(), timeoutMs).catch((error) => {
      throw new Error(`${error.message}; it printed:\n${this.output.slice(-3000)}`);
    });
  }
}

/** Pid of the embedded server of a data directory. */
export function postgresPid(dataDir) {
  const pointer = path.join(dataDir, 'postgres.location');
  const cluster = fs.existsSync(pointer) ? fs.readFileSync(pointer, 'utf8').trim() : path.join(dataDir, 'postgres');
  return Number(fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** True while a process runs; a zombie does not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return readProcess(pid)?.state !== 'Z';
  } catch {
    return false;
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function readProcess(name) {
  try {
    const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const title = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid: Number(name), parent: Number(parent), state, title };
  } catch {
    return null;
  }
}
