// What a job's history must look like, written down a second time so that the product's own reading is not trusted.

const ENDS = ['succeeded', 'failed', 'canceled', 'expired'];
const END_OF_CODE = Object.fromEntries(ENDS.map((name, i) => [i + 1, name]));
const STAGES = ['prepare', 'batch', 'infer', 'interpret'];

/**
 * Replays one job. `transitions`: `{ seq, attempt, type, stage, atMs }` in order. `faults`: what is wrong, as
 * `{ kind, text }` with kind `doubled`, `stale`, `gap` or `wrong`.
 */
export function replay(job) {
  const faults = [];
  const fault = (kind, text) => faults.push({ kind, text: `${job.id}: ${text}` });
  const transitions = unfold(job, fault);
  const state = { now: 'queued', attempt: 0, stages: [] };
  for (const t of transitions.slice(1)) step(state, t, fault);
  checkEnd(job, state, transitions, fault);
  return { transitions, faults, status: state.now };
}

/** Seq 1 is the job's own row; then the segments; the worker's last one lies beside the end. */
function unfold(job, fault) {
  const transitions = [{ seq: 1, attempt: 0, type: 'job.queued', atMs: job.createdMs }];
  const segments = job.segments.map((s) => ({ ...s, items: JSON.parse(`[${s.items}]`) }));
  for (const end of job.ends) {
    const items = end.log ? JSON.parse(`[${end.log}]`) : [];
    if (end.log) segments.push({ seq: end.seq - items.length + 1, n: items.length, attempt: end.attempt, items });
  }
  for (const { seq, n, attempt, items } of segments) {
    const next = transitions.length + 1;
    if (n !== items.length) fault('wrong', `segment ${seq} says ${n} transitions and holds ${items.length}`);
    if (seq > next) fault('gap', `transition ${seq} follows ${next - 1}`);
    if (seq < next) fault('doubled', `transition ${seq} is written twice`);
    items.forEach((item, i) => transitions.push({ ...item, seq: seq + i, attempt, atMs: Date.parse(item.at) }));
  }
  return transitions;
}

function step(state, { seq, attempt, type, stage }, fault) {
  const name = type.slice(type.indexOf('.') + 1);
  if (ENDS.includes(state.now)) fault('doubled', `${type} (seq ${seq}) after the end`);
  if (attempt < state.attempt)
    fault('stale', `${type} (seq ${seq}) of attempt ${attempt} in the middle of attempt ${state.attempt}`);
  if (type === 'job.started') return start(state, seq, attempt, fault);
  if (attempt > state.attempt) fault('wrong', `${type} (seq ${seq}) of attempt ${attempt}, which never started`);
  if (type.startsWith('stage.')) {
    if (state.now === 'queued') fault('stale', `${type} ${stage} (seq ${seq}) while the job waits in the queue`);
    if (type === 'stage.completed') state.stages.push(stage);
    return;
  }
  const from = {
    requeued: ['running'],
    canceling: ['running'],
    expired: ['queued'],
    canceled: ['queued', 'canceling'],
  };
  if (!(from[name] ?? ['running', 'canceling']).includes(state.now))
    fault('stale', `${type} (seq ${seq}) while ${state.now}`);
  state.now = name === 'requeued' ? 'queued' : name;
}

function start(state, seq, attempt, fault) {
  if (state.now !== 'queued')
    fault('doubled', `attempt ${attempt} (seq ${seq}) started while the job was ${state.now}`);
  if (attempt !== state.attempt + 1) fault('wrong', `attempt ${attempt} (seq ${seq}) follows ${state.attempt}`);
  Object.assign(state, { now: 'running', attempt, stages: [] });
}

function checkEnd(job, state, transitions, fault) {
  const [end, second] = job.ends;
  if (second) fault('doubled', 'it has two ends');
  if (!end) return ENDS.includes(state.now) && fault('wrong', `its history ends ${state.now} and it has no end`);
  const status = END_OF_CODE[end.status];
  if (status !== state.now) fault('wrong', `its history ends ${state.now}, its end says ${status}`);
  if (end.seq !== transitions.at(-1).seq)
    fault('gap', `its end says seq ${end.seq}, its history ${transitions.at(-1).seq}`);
  if (end.attempt !== state.attempt)
    fault('stale', `attempt ${end.attempt} ended it, attempt ${state.attempt} was the last`);
  if (job.queueState !== null) fault('doubled', 'it has ended and is still in the queue');
  checkPay(job, end, status, state, fault);
  checkFeed(job, transitions, fault);
}

function checkPay(job, end, status, state, fault) {
  const attempts = job.ledger.map(({ attempt }) => attempt);
  if (attempts.length > 1) fault('doubled', `paid for attempts ${attempts}`);
  if (attempts.length === 1 && attempts[0] !== end.attempt)
    fault('stale', `paid for attempt ${attempts}, ended by ${end.attempt}`);
  if (status !== 'succeeded') return;
  if (attempts.length === 0) fault('wrong', 'it succeeded and nothing was booked');
  if (!end.hasResult) fault('wrong', 'it succeeded without a result');
  if (state.stages.join() !== STAGES.join()) fault('gap', `it succeeded with the stages ${state.stages}`);
}

/** The tenant's event log names every transition once. */
function checkFeed(job, transitions, fault) {
  const told = job.feed.flatMap(({ seq, n }) => Array.from({ length: n }, (_, i) => seq + i)).sort((a, b) => a - b);
  if (new Set(told).size < told.length) fault('doubled', `the event log tells a transition twice: ${told}`);
  else if (told.length !== transitions.length) fault('gap', `the event log tells ${told} of ${transitions.length}`);
}
