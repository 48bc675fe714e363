import type { Job } from '../job.js';
import { isTerminal } from '../job-status.js';
import { type Stage, STAGES, type Transition } from '../transition.js';
import { chainPosition } from './chain-position.js';

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

/**
 * The declared stages, in order, as the transitions of the current attempt tell them. In a chain of models `prepare`,
 * `batch` and `infer` become active once for each model; their times are those of all models.
 */
export function stagesOf(job: Job): StageProgress[] {
  const attempt = transitionsOfAttempt(job);
  const started = attempt.find((t) => t.type === 'job.started');
  const chain = chainPosition(attempt);
  if (chain) {
    const active = attempt.some((t) => t.type === 'stage.failed') ? null : chain.stage;
    return STAGES.map((name) => chainStage(job, name, attempt, active));
  }
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

/** @param active the stage that works now, or did when the job was stopped; null when none does */
function chainStage(job: Job, name: Stage, attempt: readonly Transition[], active: Stage | null): StageProgress {
  const own = attempt.filter((t) => t.stage === name && t.type !== 'stage.skipped' && STATUS_OF[t.type]);
  const isActive = name === active;
  const enteredAt = own[0]?.enteredAt ?? (isActive ? attempt.at(-1)!.at : null);
  if (own.length === 0 || isActive)
    return { name, status: unreportedStatus(job, isActive), enteredAt, durationMs: null };
  const status = own.some((t) => t.type === 'stage.failed') ? 'failed' : 'completed';
  return { name, status, enteredAt, durationMs: own.reduce((sum, t) => sum + (t.durationMs ?? 0), 0) };
}

/** The stage that works now, or null. */
export function activeStage(stages: readonly StageProgress[]): Stage | null {
  return stages.find((s) => s.status === 'active')?.name ?? null;
}

/** Share of the declared stages that are behind the job, 0 to 100. */
export function percentOf(job: Job, stages: readonly StageProgress[]): number {
  if (job.status === 'succeeded') return 100;
  const chain = chainPosition(transitionsOfAttempt(job));
  if (chain) return Math.round(chain.share * 100);
  const behind = stages.filter((s) => s.status === 'completed' || (s.status === 'skipped' && !isTerminal(job.status)));
  return Math.round((behind.length / STAGES.length) * 100);
}

/** False while another model of a chain comes after the one that works now. */
export function isAtLastModel(job: Job): boolean {
  return chainPosition(transitionsOfAttempt(job))?.isLast ?? true;
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
