import { type ChildProcess, fork } from 'node:child_process';
import { relayLines, sayAs } from './console-log.js';
import type { RestartBackoff } from './restart-backoff.js';
import type { StartMessage } from './standby.js';
import { StartRefusedError } from './start-refused.error.js';

/** When a spare is forked after its role became ready, ms: late enough not to slow the role's first work. */
const SPARE_DELAY_MS = 3_000;

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

/**
 * A forked role that is started again whenever it dies, until it is stopped. Beside it waits a spare that has loaded its
 * modules, so that a death costs the role's own start alone.
 */
export class SupervisedProcess {
  private child: ChildProcess | null = null;
  private spare: ChildProcess | null = null;
  private startEnv: Readonly<Record<string, string>> = {};
  private pause: NodeJS.Timeout | null = null;
  private stopping = false;
  private everReady = false;
  private onFirstReady: () => void = () => undefined;
  private onFutile: (error: Error) => void = () => undefined;

  constructor(
    private readonly spec: ProcessSpec,
    private readonly backoff: RestartBackoff,
  ) {}

  /** Forks it before it is needed: it loads its modules and waits. */
  prepare(): void {
    if (!this.stopping) this.spare ??= this.fork();
  }

  /**
   * Starts it; resolves when it says `{ type: 'ready' }` for the first time. Throws StartRefusedError if it never does.
   * @param env variables that were not known at the fork
   */
  start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.startEnv = env;
    return new Promise((resolve, reject) => {
      this.onFirstReady = resolve;
      this.onFutile = reject;
      this.launch();
    });
  }

  /** SIGTERM, at most `limitMs` for its drain, then SIGKILL. Resolves when it is gone. */
  async stop(limitMs: number): Promise<void> {
    const spareGone = goneOf(this.spare);
    this.dismiss();
    await Promise.all([this.drain(limitMs), spareGone]);
  }

  private async drain(limitMs: number): Promise<void> {
    const { child } = this;
    if (!child) return;
    const gone = goneOf(child);
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
    this.dismiss();
    this.child?.kill('SIGKILL');
  }

  /** No more starts; the spare holds nothing and goes at once. */
  private dismiss(): void {
    this.stopping = true;
    if (this.pause) clearTimeout(this.pause);
    this.spare?.kill('SIGKILL');
  }

  private launch(): void {
    this.backoff.started();
    const child = this.spare ?? this.fork();
    this.spare = null;
    this.child = child;
    child.send({ type: 'start', env: this.startEnv } satisfies StartMessage, () => undefined);
  }

  /** Own process group: a Ctrl-C reaches the supervisor alone, which then drains its roles in order. */
  private fork(): ChildProcess {
    const { role, script, env } = this.spec;
    const child = fork(script, [], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const output of [child.stdout, child.stderr]) if (output) relayLines(role, output);
    child.on('message', (message) => (this.child === child ? this.heard(message) : undefined));
    child.on('error', (error) => sayAs(role, error.message));
    child.on('exit', (code, signal) => {
      if (this.spare === child) this.spare = null;
      if (this.child === child) this.ended(signal ?? `exit code ${code}`);
    });
    return child;
  }

  private heard(message: unknown): void {
    if ((message as { type?: unknown } | null)?.type !== 'ready') return;
    if (this.everReady) sayAs(this.spec.role, 'back');
    this.everReady = true;
    this.onFirstReady();
    setTimeout(() => this.prepare(), SPARE_DELAY_MS).unref();
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

/** Resolves when the child has ended; at once when there is none. */
function goneOf(child: ChildProcess | null): Promise<void> {
  return new Promise((resolve) => (child ? child.once('exit', () => resolve()) : resolve()));
}
