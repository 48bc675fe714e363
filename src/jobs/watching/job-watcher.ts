/** Which transitions a client wants to be told of: all, or not those after which the job surely goes on. */
export type Interest = 'every' | 'end';

/** Why a wait ended: new transitions, a heartbeat that is due, or nothing (time over, client gone, process stops). */
export type Word = 'changed' | 'heartbeat' | null;

/** One client that follows one job. What happens between two waits is remembered. */
export class JobWatcher {
  private hasChanged = false;
  private heartbeatDue = false;
  private closed = false;
  private seenSeq = 0;
  private waiting: (() => void) | null = null;

  /** @param onClose called once */
  constructor(
    readonly tenantId: string,
    readonly jobId: string,
    readonly interest: Interest,
    private readonly onClose: () => void,
  ) {}

  /** False after `close`: by the client's end, or because the process stops. */
  get open(): boolean {
    return !this.closed;
  }

  /** Has the client been told of this seq? */
  knows(seq: number): boolean {
    return seq <= this.seenSeq;
  }

  /** The client was told up to this seq. */
  seen(seq: number): void {
    this.seenSeq = seq;
  }

  /** The job has transitions that the client may not know. */
  nudge(): void {
    this.hasChanged = true;
    this.waiting?.();
  }

  /** A sign of life is due. */
  beat(): void {
    this.heartbeatDue = true;
    this.waiting?.();
  }

  /** What there is to say, as soon as there is something. @param timeoutMs without one the wait has no end */
  next(timeoutMs: number | null = null, signal?: AbortSignal): Promise<Word> {
    const isOver = this.closed || signal?.aborted || (timeoutMs !== null && timeoutMs <= 0);
    if (isOver || this.hasChanged || this.heartbeatDue) return Promise.resolve(this.take());
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.waiting = null;
        resolve(this.take());
      };
      const timer = timeoutMs === null ? undefined : setTimeout(done, Math.ceil(timeoutMs));
      signal?.addEventListener('abort', done, { once: true });
      this.waiting = done;
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting?.();
    this.onClose();
  }

  private take(): Word {
    const { hasChanged, heartbeatDue } = this;
    if (this.closed) return null;
    this.hasChanged = false;
    this.heartbeatDue = false;
    return hasChanged ? 'changed' : heartbeatDue ? 'heartbeat' : null;
  }
}
