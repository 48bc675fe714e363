import { say } from './console-log.js';
import type { Maru } from './maru.js';

/** One Ctrl-C arrives twice, from the terminal and from npm, which passes it on: closer signals count as one. */
const SAME_SIGNAL_MS = 1_000;

/** The first SIGINT or SIGTERM drains and exits 0; a second one ends everything at once. */
export function stopOnSignals(maru: Maru): void {
  let firstMs: number | null = null;
  const onSignal = () => {
    const nowMs = performance.now();
    if (firstMs === null) {
      firstMs = nowMs;
      say('Stopping: work in flight is finished or handed back (Ctrl-C again ends it at once) ...');
      void maru.stop().then(() => exit(0));
    } else if (nowMs - firstMs > SAME_SIGNAL_MS) {
      maru.killRoles();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

function exit(code: number): void {
  say('Stopped.');
  process.exit(code);
}
