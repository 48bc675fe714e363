// How long what a fault hit stood still.

/**
 * Per fault kind the times from the blow until each attempt in hand went on: it ended, or the next attempt started.
 * An attempt that several faults hit counts from the last of them.
 */
export function recoveryTimes(log, histories) {
  const blows = new Map();
  for (const { kind, atMs, held } of log)
    for (const { jobId, attempt } of held) {
      const key = `${jobId} ${attempt}`;
      blows.set(key, [...(blows.get(key) ?? []), { kind, atMs, jobId, attempt }]);
    }
  const times = new Map();
  for (const hits of blows.values()) {
    const { jobId, attempt } = hits[0];
    const onMs = wentOnMs(histories.get(jobId), attempt);
    const last = hits.filter(({ atMs }) => onMs === null || atMs < onMs).at(-1);
    if (last) times.set(last.kind, [...(times.get(last.kind) ?? []), (onMs ?? Infinity) - last.atMs]);
  }
  return times;
}

/** From each kill of an api to the first 202 after it, ms. */
export function apiGaps(log, accepted) {
  const kills = log.filter(({ kind }) => kind === 'SIGKILL api');
  return kills.flatMap(({ atMs }) => {
    const next = accepted.find((answer) => answer.atMs - answer.waitedMs > atMs);
    return next ? [next.atMs - atMs] : [];
  });
}

/** `{ n, p50, p99, max }` in seconds. */
export function summaryOf(timesMs) {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share) => seconds(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]);
  return sorted.length === 0
    ? { n: 0 }
    : { n: sorted.length, p50: at(0.5), p99: at(0.99), max: seconds(sorted.at(-1)) };
}

function wentOnMs(history, attempt) {
  const next = history?.transitions.find((t) => t.type === 'job.started' && t.attempt > attempt);
  return next?.atMs ?? history?.endMs ?? null;
}

function seconds(ms) {
  return Math.round(ms / 10) / 100;
}
