// Histories with a planted fault: a checker that finds nothing must first prove that it can.
import { replay } from './timeline.mjs';

const at = new Date(0).toISOString();
const item = (type, stage) => JSON.stringify({ type, at, ...(stage ? { stage } : {}) });
const completed = ['prepare', 'batch', 'infer', 'interpret'].map((stage) => item('stage.completed', stage));
const segment = (seq, attempt, ...items) => ({ seq, n: items.length, attempt, items: items.join(',') });

/** Attempt 1 lost its worker, attempt 2 succeeded with seq 9. */
const sound = () => ({
  id: 'sound',
  createdMs: 0,
  queueState: null,
  segments: [
    segment(2, 1, item('job.started'), item('job.requeued')),
    segment(4, 2, item('job.started'), ...completed.slice(0, 2)),
  ],
  ends: [
    { status: 1, attempt: 2, seq: 9, hasResult: true, log: [...completed.slice(2), item('job.succeeded')].join() },
  ],
  ledger: [{ attempt: 2 }],
  feed: [
    { seq: 1, n: 3 },
    { seq: 4, n: 6 },
  ],
});

const PLANTED = [
  ['doubled', (job) => job.ends.push(job.ends[0])],
  ['doubled', (job) => job.ledger.push({ attempt: 1 })],
  ['doubled', (job) => job.segments.push(segment(6, 2, completed[1]))],
  ['doubled', (job) => job.feed.push({ seq: 5, n: 1 })],
  ['doubled', (job) => (job.queueState = 1)],
  ['stale', (job) => (job.segments[1].attempt = 0)],
  ['stale', (job) => (job.ends[0].attempt = 1)],
  ['stale', (job) => (job.ledger[0].attempt = 1)],
  ['stale', (job) => job.segments.splice(1, 0, segment(4, 1, completed[0]))],
  ['gap', (job) => job.segments.shift()],
  ['gap', (job) => (job.ends[0].seq = 10)],
  ['gap', (job) => job.feed.pop()],
  ['gap', (job) => (job.segments[1] = segment(4, 2, item('job.started'), completed[0], completed[0]))],
  ['wrong', (job) => (job.ends[0].status = 2)],
  ['wrong', (job) => (job.ends[0].hasResult = false)],
  ['wrong', (job) => job.ledger.pop()],
  ['wrong', (job) => job.segments.push({ ...segment(7, 2, job.ends.pop().log), n: 3 })],
];

/** Throws when the checker objects to a sound history or overlooks a planted fault; returns how many it found. */
export function provePlanted() {
  const clean = replay(sound());
  if (clean.faults.length > 0) throw new Error(`a sound history: ${clean.faults[0].text}`);
  PLANTED.forEach(([kind, plant], i) => {
    const job = sound();
    plant(job);
    const found = replay(job).faults.map((fault) => fault.kind);
    if (!found.includes(kind))
      throw new Error(`planted fault ${i + 1} is ${kind}; found: ${found.join() || 'nothing'}`);
  });
  return PLANTED.length;
}
