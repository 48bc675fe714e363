import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { type EndReason, ProcessEndedError, RequestRefusedError } from './isolated-process.errors.js';
import { launch, type LaunchPlan } from './launch.js';
import type { AnswerMessage, Operations } from './operations.js';

interface Pending {
  readonly limitMs: number;
  resolve(answer: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout | null;
}

const START_LIMIT_MS = 20_000;
/** Time that a child gets to leave by itself before it is killed. */
const STOP_GRACE_MS = 2_000;
const STDERR_TAIL_CHARS = 4_096;
/** What the kernel sends to a process for a fault of its own; the last three stand for limits that it exceeded. */
const OWN_FAULTS: ReadonlySet<NodeJS.Signals> = new Set([
  ...(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSTKFLT'] as const),
  ...(['SIGSYS', 'SIGXCPU', 'SIGXFSZ'] as const),
]);

/**
 * A child process that answers requests in order. The clock of a request starts when it becomes the head; when it runs
 * out the child is killed, because native code cannot be stopped in any other way. Pending requests are settled only
 * after the process is gone, so nobody frees arena memory that it could still write to.
 */
export class IsolatedProcess<T extends Operations<T>> {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private stderr = '';
  private isGone = false;
  private isStopping = false;
  private overdueId: number | null = null;
  /** Resolves with a short reason when the process is gone. Never rejects. */
  readonly exited: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly plan: LaunchPlan,
  ) {
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr = (this.stderr + chunk).slice(-STDERR_TAIL_CHARS)));
    child.on('message', (message: AnswerMessage) => this.receive(message));
    this.exited = new Promise((resolve) => {
      const end = (why: string, killed: boolean) => resolve(this.onGone(why, killed));
      child.once('exit', (code, signal) =>
        end(signal ?? `exit code ${code}`, signal !== null && !OWN_FAULTS.has(signal)),
      );
      child.once('error', (error) => child.pid === undefined && end(error.message, false));
    });
  }

  /** Starts the child and waits until it is ready. Throws ProcessEndedError. */
  static async start<T extends Operations<T>>(plan: LaunchPlan): Promise<IsolatedProcess<T>> {
    const child = launch(plan);
    const started = new IsolatedProcess<T>(child, plan);
    const timer = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
    const ready = new Promise<null>((resolve) => child.once('message', () => resolve(null)));
    const why = await Promise.race([ready, started.exited]);
    clearTimeout(timer);
    if (why !== null) {
      throw new ProcessEndedError(`${plan.title} did not start (${why}): ${started.stderr.slice(-400)}`, 'died', false);
    }
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isAlive(): boolean {
    return !this.isGone && !this.isStopping && this.overdueId === null;
  }

  /** Requests without an answer, the running one included. */
  get inFlight(): number {
    return this.pending.size;
  }

  /** Throws RequestRefusedError or ProcessEndedError; `limitMs` counts from the moment the request is the head. */
  async ask<Name extends keyof T & string>(
    operation: Name,
    request: T[Name]['request'],
    limitMs: number,
  ): Promise<T[Name]['answer']> {
    return this.send(operation, request, limitMs);
  }

  /** Answers when everything asked before has been answered. */
  async ping(limitMs: number): Promise<void> {
    await this.send('ping', null, limitMs);
  }

  /** Lets the child end, by force after two seconds; resolves when it is gone. */
  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_GRACE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  private send(operation: string, request: unknown, limitMs: number): Promise<unknown> {
    if (!this.isAlive || !this.child.connected) {
      return Promise.reject(new ProcessEndedError(`${this.plan.title} is gone`, 'died', false));
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { limitMs, resolve, reject, timer: null });
      this.armHead();
      // A failed send means that the channel is closed: 'exit' follows and settles the request.
      this.child.send({ id, operation, request }, () => undefined);
    });
  }

  private receive(message: AnswerMessage): void {
    if ('ready' in message) return;
    const entry = this.pending.get(message.id);
    if (!entry) return;
    if (entry.timer) clearTimeout(entry.timer);
    this.pending.delete(message.id);
    if ('refusal' in message) entry.reject(new RequestRefusedError(message.refusal));
    else entry.resolve(message.answer);
    this.armHead();
  }

  private armHead(): void {
    const [id, head] = this.pending.entries().next().value ?? [];
    if (id === undefined || !head || head.timer || this.overdueId !== null) return;
    head.timer = setTimeout(() => {
      this.overdueId = id;
      this.child.kill('SIGKILL');
    }, head.limitMs);
  }

  private onGone(why: string, killed: boolean): string {
    this.isGone = true;
    const ended = { why, reason: this.isStopping ? 'stopped' : killed ? 'killed' : 'died' } as const;
    let mayBeHead = this.overdueId === null && !this.isStopping;
    for (const [id, entry] of this.pending) {
      if (entry.timer) clearTimeout(entry.timer);
      entry.reject(this.endedError(id, entry.limitMs, mayBeHead, ended));
      mayBeHead = false;
    }
    this.pending.clear();
    fs.rmSync(this.plan.workingDirectory, { recursive: true, force: true });
    return this.stderr ? `${why}: ${this.stderr.trim().slice(-200)}` : why;
  }

  private endedError(
    id: number,
    limitMs: number,
    mayBeHead: boolean,
    { why, reason }: { readonly why: string; readonly reason: EndReason },
  ): ProcessEndedError {
    const { title } = this.plan;
    if (id === this.overdueId) {
      return new ProcessEndedError(`${title} gave no answer within ${limitMs} ms and was killed`, 'deadline', true);
    }
    return new ProcessEndedError(`${title} ended (${why})`, reason, mayBeHead);
  }
}
