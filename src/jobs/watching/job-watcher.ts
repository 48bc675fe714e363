import type { Timeline } from '../job.js';

/** Why a wait ended: news of the job, a heartbeat that is due, or nothing (time over, client gone, process stops). */
export type Word = Timeline | 'heartbeat' | null;

/** One client that follows one job. What happens between two waits is remembered. */
export class JobWatcher {
  private news: Timeline | null = null;
  private heartbeatDue = false;
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

  /** Has the client been told of this seq? */
  knows(seq: number): boolean {
    return seq <= Math.max(this.seenSeq, this.news?.seq ?? 0);
  }

  /** The client was told up to this seq. */
  seen(seq: number): void {
    this.seenSeq = seq;
    if (this.news && this.news.seq <= seq) this.news = null;
  }

  /** The job as it is now; ignored when the client knows it. */
  offer(timeline: Timeline): void {
    if (this.knows(timeline.seq)) return;
    this.news = timeline;
    this.waiting?.();
  }

  /** A sign of life is due. */
  beat(): void {
    this.heartbeatDue = true;
    this.waiting?.();
  }

  /** What there is to say, as soon as there is something. @param timeoutMs without one the wait has no end */
  next(timeoutMs: number | null = null, signal?: AbortSignal): Promise<Word> {
    if (this.news || this.heartbeatDue || this.closed || signal?.aborted || (timeoutMs !== null && timeoutMs <= 0))
      return Promise.resolve(this.take());
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
    const { news, heartbeatDue } = this;
    if (this.closed) return null;
    this.news = null;
    this.heartbeatDue = false;
    return news ?? (heartbeatDue ? 'heartbeat' : null);
  }
}
