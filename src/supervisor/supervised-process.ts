import { type ChildProcess, fork } from 'node:child_process';
import { relayLines, sayAs } from './console-log.js';
import type { RestartBackoff } from './restart-backoff.js';
import { StartRefusedError } from './start-refused.error.js';

/** What the supervisor forks. */
export interface ProcessSpec {
  /** Name in the log, for example `api`. */
  readonly role: string;
  /** Path of the entry script. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A process that has never been ready and dies this often will not get better by itself. */
const FUTILE_DEATHS = 4;

/** A forked role that is started again whenever it dies, until it is stopped. */
export class SupervisedProcess {
  private child: ChildProcess | null = null;
  private pause: NodeJS.Timeout | null = null;
  private stopping = false;
  private everReady = false;
  private onFirstReady: () => void = () => undefined;
  private onFutile: (error: Error) => void = () => undefined;

  constructor(
    private readonly spec: ProcessSpec,
    private readonly backoff: RestartBackoff,
  ) {}

  /** Starts it; resolves when it says `{ type: 'ready' }` for the first time. Throws StartRefusedError if it never does. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onFirstReady = resolve;
      this.onFutile = reject;
      this.launch();
    });
  }

  /** SIGTERM, at most `limitMs` for its drain, then SIGKILL. Resolves when it is gone. */
  async stop(limitMs: number): Promise<void> {
    this.stopping = true;
    if (this.pause) clearTimeout(this.pause);
    const { child } = this;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const limit = setTimeout(() => {
      sayAs(this.spec.role, `still busy after ${limitMs / 1000} s; ended by force`);
      child.kill('SIGKILL');
    }, limitMs);
    await gone;
    clearTimeout(limit);
  }

  /** No drain: for the second Ctrl-C. */
  kill(): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
  }

  /** Own process group: a Ctrl-C reaches the supervisor alone, which then drains its roles in order. */
  private launch(): void {
    const { role, script, env } = this.spec;
    this.backoff.started();
    const child = fork(script, [], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child = child;
    for (const output of [child.stdout, child.stderr]) if (output) relayLines(role, output);
    child.on('message', (message) => this.heard(message));
    child.on('error', (error) => sayAs(role, error.message));
    child.on('exit', (code, signal) => this.ended(signal ?? `exit code ${code}`));
  }

  private heard(message: unknown): void {
    if ((message as { type?: unknown } | null)?.type !== 'ready') return;
    if (this.everReady) sayAs(this.spec.role, 'back');
    this.everReady = true;
    this.onFirstReady();
  }

  private ended(reason: string): void {
    this.child = null;
    if (this.stopping) return;
    const pauseMs = this.backoff.died();
    if (!this.everReady && this.backoff.deathsInARow >= FUTILE_DEATHS) {
      const { role } = this.spec;
      this.onFutile(new StartRefusedError(`The ${role} process cannot start (${reason}): see its output above.`));
      return;
    }
    sayAs(this.spec.role, `ended (${reason}); starting it again${pauseMs > 0 ? ` in ${pauseMs} ms` : ''}`);
    this.pause = setTimeout(() => this.launch(), pauseMs);
  }
}
