import type { Job } from '../job.js';
import { isTerminal } from '../job-status.js';
import { type Stage, STAGES, type Transition } from '../transition.js';

export const STAGE_STATUSES = ['pending', 'active', 'completed', 'failed', 'skipped', 'canceled'] as const;
export type StageStatus = (typeof STAGE_STATUSES)[number];

/** One declared stage of the current attempt. */
export interface StageProgress {
  readonly name: Stage;
  readonly status: StageStatus;
  readonly enteredAt: string | null;
  readonly durationMs: number | null;
}

const STATUS_OF: Partial<Record<Transition['type'], StageStatus>> = {
  'stage.completed': 'completed',
  'stage.failed': 'failed',
  'stage.skipped': 'skipped',
};

/** The declared stages, in order, as the transitions of the current attempt tell them. */
export function stagesOf(job: Job): StageProgress[] {
  const attempt = transitionsOfAttempt(job);
  const started = attempt.find((t) => t.type === 'job.started');
  const stages: StageProgress[] = [];
  let enteredAt = started?.at ?? null;
  for (const name of STAGES) {
    const own = attempt.find((t) => t.stage === name && STATUS_OF[t.type]);
    if (own) {
      stages.push({
        name,
        status: STATUS_OF[own.type]!,
        enteredAt: own.enteredAt ?? enteredAt,
        durationMs: own.durationMs ?? null,
      });
      enteredAt = own.type === 'stage.failed' ? null : own.at;
    } else {
      stages.push({ name, status: unreportedStatus(job, enteredAt !== null), enteredAt, durationMs: null });
      enteredAt = null;
    }
  }
  return stages;
}

/** The stage that works now, or null. */
export function activeStage(stages: readonly StageProgress[]): Stage | null {
  return stages.find((s) => s.status === 'active')?.name ?? null;
}

/** Share of the declared stages that are behind the job, 0 to 100. */
export function percentOf(job: Job, stages: readonly StageProgress[]): number {
  if (job.status === 'succeeded') return 100;
  const behind = stages.filter((s) => s.status === 'completed' || (s.status === 'skipped' && !isTerminal(job.status)));
  return Math.round((behind.length / STAGES.length) * 100);
}

/** From the last time the job was queued: what an earlier attempt did is history, not progress. */
function transitionsOfAttempt(job: Job): readonly Transition[] {
  const last = job.transitions.findLastIndex((t) => t.type === 'job.queued' || t.type === 'job.requeued');
  return job.transitions.slice(last + 1);
}

/** Status of a stage that no transition of this attempt names. */
function unreportedStatus(job: Job, entered: boolean): StageStatus {
  if (!isTerminal(job.status)) return entered ? 'active' : 'pending';
  if (entered && job.status === 'failed') return 'failed';
  return job.status === 'canceled' ? 'canceled' : 'skipped';
}
