import { isTerminal, type JobStatus, type StageName, type Transition } from '../api/types.js';
import { placesOf, reported } from './chain-rows.js';

export type StepStatus = 'pending' | 'active' | 'completed' | 'failed' | 'skipped' | 'canceled';

/** One line of the timeline: a stretch of waiting or working, on an axis that starts when this attempt was queued. */
export interface Step {
  readonly name: 'queued' | StageName;
  /** Of a chain of models: which of them, from 1. */
  readonly model: number | null;
  /** Waiting is drawn thin, working thick. */
  readonly kind: 'wait' | 'work';
  readonly status: StepStatus;
  readonly startMs: number;
  /** null before it began */
  readonly durationMs: number | null;
}

export interface StageRows {
  readonly steps: readonly Step[];
  /** From the first queueing to the end, or to now. */
  readonly totalMs: number;
  /** Length of the axis: from the last queueing to the end, or to now. */
  readonly axisMs: number;
  readonly attempt: number;
  /** Why earlier attempts ended, oldest first. */
  readonly earlier: readonly Transition[];
}

const REPORTED: Readonly<Record<string, StepStatus>> = {
  'stage.completed': 'completed',
  'stage.failed': 'failed',
  'stage.skipped': 'skipped',
};

const at = (row: Transition) => Date.parse(row.at);

/** Status of a step that began, or did not, and that no row reports. */
function unreported(status: JobStatus, hasBegun: boolean): StepStatus {
  if (!isTerminal(status)) return hasBegun ? 'active' : 'pending';
  if (hasBegun && status === 'failed') return 'failed';
  return status === 'canceled' ? 'canceled' : 'skipped';
}

/**
 * The steps of the current attempt.
 * @param rows transitions without a gap, oldest first; at least one
 * @param nowMs epoch milliseconds; the end of whatever is still going on
 */
export function stageRows(rows: readonly Transition[], nowMs: number): StageRows {
  const newest = rows.at(-1);
  const first = rows[0];
  if (!newest || !first) return { steps: [], totalMs: 0, axisMs: 0, attempt: 0, earlier: [] };
  const queuedIndex = rows.findLastIndex((row) => row.type === 'job.queued' || row.type === 'job.requeued');
  const originMs = at(rows[Math.max(0, queuedIndex)] ?? first);
  const endMs = isTerminal(newest.status) ? at(newest) : Math.max(nowMs, at(newest));
  const current = rows.slice(queuedIndex + 1);
  const started = current.find((row) => row.type === 'job.started');
  const queued: Step = {
    name: 'queued',
    model: null,
    kind: 'wait',
    status: started ? 'completed' : unreported(newest.status, true),
    startMs: 0,
    durationMs: (started ? at(started) : endMs) - originMs,
  };
  return {
    steps: [queued, ...stageSteps(current, started, newest.status, originMs, endMs)],
    totalMs: endMs - at(first),
    axisMs: endMs - originMs,
    attempt: newest.attempt,
    earlier: rows.filter((row) => row.type === 'job.requeued'),
  };
}

function stageSteps(
  current: readonly Transition[],
  started: Transition | undefined,
  status: JobStatus,
  originMs: number,
  endMs: number,
): Step[] {
  const steps: Step[] = [];
  let begunMs = started ? at(started) : null;
  for (const { name, model } of placesOf(current)) {
    const kind = name === 'batch' ? 'wait' : 'work';
    const own = reported(name, model, current);
    if (own) {
      const enteredMs = own.enteredAt ? Date.parse(own.enteredAt) : (begunMs ?? at(own));
      const durationMs = own.durationMs ?? at(own) - enteredMs;
      const step = { name, model, kind, status: REPORTED[own.type] ?? 'completed' } as const;
      steps.push({ ...step, startMs: enteredMs - originMs, durationMs });
      begunMs = own.type === 'stage.failed' ? null : at(own);
    } else {
      const startMs = (begunMs ?? endMs) - originMs;
      steps.push({
        name,
        model,
        kind,
        status: unreported(status, begunMs !== null),
        startMs,
        durationMs: begunMs && endMs - begunMs,
      });
      begunMs = null;
    }
  }
  return steps;
}

/** Where a bar lies on an axis of `width`; a bar that began is never too thin to be seen. */
export function barOf(
  step: Step,
  axisMs: number,
  width: number,
  minWidth: number,
): { x: number; width: number } | null {
  if (step.durationMs === null) return null;
  const scale = width / Math.max(1, axisMs);
  const length = Math.min(width, Math.max(minWidth, step.durationMs * scale));
  return { x: Math.min(Math.max(0, step.startMs * scale), width - length), width: length };
}
