import type { Transition } from '../api/types.js';

/** What a followed job tells its page. */
export interface JobStreamListener {
  onRow(row: Transition): void;
  /** False while the stream is away and the page shows what it knew. */
  onConnected(connected: boolean): void;
  /** The page should read the job again: the stream was silent, failed often, or the page was frozen. */
  onDoubt(): void;
}

/** Heartbeats come every 15 s; two missed ones and some slack. */
const SILENCE_MS = 40_000;
/** Reading interval while the stream cannot be had. */
const POLL_MS = 2_000;
const FAILURES_BEFORE_POLLING = 3;

/**
 * Follows one job by server-sent events from `afterSeq` on. The browser reconnects by itself and says where it was; this
 * adds a watchdog for silence, reading instead of streaming while the stream fails, and a fresh look when the page comes
 * back. Returns what ends it.
 */
export function followJob(jobId: string, afterSeq: number, listener: JobStreamListener): () => void {
  let seq = afterSeq;
  let failures = 0;
  let source: EventSource | null = null;
  let watchdog = 0;
  let poll = 0;

  const alive = () => {
    failures = 0;
    listener.onConnected(true);
    clearInterval(poll);
    clearTimeout(watchdog);
    watchdog = window.setTimeout(reconnect, SILENCE_MS);
  };
  const take = (event: MessageEvent<string>) => {
    alive();
    const row = JSON.parse(event.data) as Transition;
    seq = Math.max(seq, row.seq);
    listener.onRow(row);
  };
  const connect = () => {
    source?.close();
    source = new EventSource(`/v1/jobs/${encodeURIComponent(jobId)}/stream?afterSeq=${seq}`);
    source.onopen = alive;
    for (const type of ['status', 'stage']) source.addEventListener(type, take);
    source.addEventListener('heartbeat', alive);
    source.addEventListener('done', (event) => {
      take(event);
      stop();
    });
    source.onerror = failed;
  };
  const failed = () => {
    listener.onConnected(false);
    if (++failures === FAILURES_BEFORE_POLLING) poll = window.setInterval(() => listener.onDoubt(), POLL_MS);
    // 204 and errors close the source for good; a network fault leaves it reconnecting.
    if (source?.readyState === EventSource.CLOSED) {
      listener.onDoubt();
      clearTimeout(watchdog);
      watchdog = window.setTimeout(connect, POLL_MS * Math.min(failures, 5));
    }
  };
  const reconnect = () => {
    listener.onConnected(false);
    listener.onDoubt();
    connect();
  };
  const looked = () => {
    if (document.visibilityState === 'visible') listener.onDoubt();
  };
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) reconnect();
  };
  const stop = () => {
    source?.close();
    clearInterval(poll);
    clearTimeout(watchdog);
    document.removeEventListener('visibilitychange', looked);
    window.removeEventListener('pageshow', shown);
  };

  document.addEventListener('visibilitychange', looked);
  window.addEventListener('pageshow', shown);
  connect();
  return stop;
}
