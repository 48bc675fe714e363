/** One client that follows one job. A wake-up between two waits is remembered. */
export class JobWatcher {
  private changed = false;
  private closed = false;
  private seenSeq = 0;
  private waiting: (() => void) | null = null;

  /** @param onClose called once */
  constructor(
    readonly tenantId: string,
    readonly jobId: string,
    private readonly onClose: () => void,
  ) {}

  /** False after `close`: by the client's end, or because the process stops. */
  get open(): boolean {
    return !this.closed;
  }

  /** The job was read up to this seq. */
  seen(seq: number): void {
    this.seenSeq = seq;
  }

  /** The job may have changed. */
  wake(): void {
    this.changed = true;
    this.waiting?.();
  }

  /** The job has transitions up to this seq. */
  wakeAfter(seq: number): void {
    if (seq > this.seenSeq) this.wake();
  }

  /** Resolves true when the job may have changed; false when the time is over, the signal aborts or the watcher closes. */
  next(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.changed || this.closed || signal?.aborted || timeoutMs <= 0) return Promise.resolve(this.take());
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.waiting = null;
        resolve(this.take());
      };
      const timer = setTimeout(done, timeoutMs);
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

  private take(): boolean {
    const changed = this.changed && !this.closed;
    this.changed = false;
    return changed;
  }
}
