// Erasable TypeScript without imports of ours: the smoke test loads it with Node's type stripping.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SUPERVISOR = fileURLToPath(new URL('../../dist/src/supervisor.js', import.meta.url));

/** A process of the system; Linux only. */
export interface SystemProcess {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly title: string;
}

/** One run of the built supervisor, as a user would start it. `env` needs PORT and DATA_DIR. */
export class MaruProcess {
  output = '';
  exitCode: number | string | null = null;
  readonly origin: string;
  readonly ended: Promise<number | string>;
  private readonly child: ChildProcess;
  private readonly startedMs = performance.now();

  constructor(env: Readonly<Record<string, string>>) {
    const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' };
    this.child = spawn(process.execPath, [SUPERVISOR], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.origin = `http://127.0.0.1:${env.PORT}`;
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((resolve) =>
      this.child.on('exit', (code, signal) => resolve((this.exitCode = code ?? signal ?? 'unknown'))),
    );
  }

  /** Seconds until the API answered ready. */
  async ready(timeoutMs = 120_000): Promise<number> {
    const isReady = async (): Promise<boolean> => (await fetch(`${this.origin}/health/ready`)).status === 200;
    await this.until('/health/ready', isReady, timeoutMs);
    return (performance.now() - this.startedMs) / 1000;
  }

  /** Until the announcement, which comes after the demo jobs. */
  async announced(timeoutMs = 120_000): Promise<void> {
    await this.until('the announcement', () => /Maru is ready at http/.test(this.output), timeoutMs);
  }

  /** As Ctrl-C does. Resolves with the exit code. */
  async interrupt(): Promise<number | string | null> {
    this.child.kill('SIGINT');
    await this.until('the supervisor to end', () => this.exitCode !== null, 60_000);
    return this.exitCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The supervisor and all below it. */
  tree(): SystemProcess[] {
    if (process.platform !== 'linux') throw new Error('process titles and trees are read from /proc');
    const names = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const all = names.map(readProcess).filter((p) => p !== null);
    const found = [this.child.pid];
    for (const pid of found) found.push(...all.filter(({ parent }) => parent === pid).map((p) => p.pid));
    return all.filter(({ pid }) => found.includes(pid));
  }

  pidOf(title: string): number | undefined {
    return this.tree().find((p) => p.title.startsWith(title))?.pid;
  }

  /** Looks until `look` gives something truthy; a failure shows what the supervisor printed. */
  async until<T>(what: string, look: () => T | Promise<T>, timeoutMs = 30_000): Promise<NonNullable<T>> {
    const end = performance.now() + timeoutMs;
    do {
      const value = await Promise.resolve(look()).catch(() => undefined);
      if (value) return value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (performance.now() < end);
    throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}; it printed:\n${this.output.slice(-3000)}`);
  }
}

/** Pid of the embedded server of a data directory. */
export function postgresPid(dataDir: string): number {
  const pointer = path.join(dataDir, 'postgres.location');
  const cluster = fs.existsSync(pointer) ? fs.readFileSync(pointer, 'utf8').trim() : path.join(dataDir, 'postgres');
  return Number(fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** True while a process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readProcess(String(pid))?.state !== 'Z';
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function readProcess(name: string): SystemProcess | null {
  try {
    const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const title = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid: Number(name), parent: Number(parent), state, title };
  } catch {
    return null;
  }
}
