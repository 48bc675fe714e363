// How long what a fault hit stood still.

/**
 * For each attempt that a fault hit, how long until it went on: it ended, or the job's next attempt started. Returns
 * `{ kind, ms, alone }`; `alone`: no other fault fell into that time. An attempt that several faults hit counts from the
 * last of them.
 */
export function recoveries(log, histories) {
  const hits = log.flatMap((fault) => fault.held.map((attempt) => ({ fault, ...attempt })));
  const samples = [];
  for (const ofAttempt of Map.groupBy(hits, (hit) => `${hit.jobId} ${hit.attempt}`).values()) {
    const { jobId, attempt } = ofAttempt[0];
    const onMs = wentOnMs(histories.get(jobId), attempt) ?? Infinity;
    const last = ofAttempt.filter(({ fault }) => fault.atMs < onMs).at(-1)?.fault;
    if (!last) continue;
    const others = log.filter((fault) => fault !== last && fault.atMs < onMs && fault.endMs > last.atMs);
    samples.push({ kind: last.kind, ms: onMs - last.atMs, alone: others.length === 0 });
  }
  return samples;
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
