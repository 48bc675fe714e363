import { type Stage, STAGES, type Transition } from '../transition.js';

/** Stages that a chain of models goes through for each of them. */
const STAGES_OF_STEP: readonly Stage[] = STAGES.filter((stage) => stage !== 'interpret');

/** How far an attempt is in a chain of models. */
export interface ChainPosition {
  /** What works now, or was to work when the attempt ended; null after the last stage. */
  readonly stage: Stage | null;
  /** True at the last model and after it. */
  readonly isLast: boolean;
  /** Part of all stages of all steps that is behind the attempt, 0 to 1. */
  readonly share: number;
}

/**
 * Where the attempt is, as its transitions tell; null when the analyzer has one model, or nothing is known yet. The items
 * of a step run in one or more inference batches, each with transitions of its own: a stage is over when all are through.
 * @param attempt transitions of one attempt
 */
export function chainPosition(attempt: readonly Transition[]): ChainPosition | null {
  const of = attempt.find((t) => t.step)?.step?.of;
  if (of === undefined) return null;
  const total = of * STAGES_OF_STEP.length + 1;
  for (let number = 1; number <= of; number++) {
    const own = attempt.filter((t) => t.step?.number === number);
    if (own.some((t) => t.type === 'stage.skipped')) continue;
    const left = STAGES_OF_STEP.findIndex((stage) => !isOver(stage, own));
    if (left < 0) continue;
    const behind = (number - 1) * STAGES_OF_STEP.length + left;
    return { stage: STAGES_OF_STEP[left]!, isLast: number === of, share: behind / total };
  }
  const isInterpreted = attempt.some((t) => t.type === 'stage.completed' && t.stage === 'interpret');
  return { stage: isInterpreted ? null : 'interpret', isLast: true, share: isInterpreted ? 1 : (total - 1) / total };
}

function isOver(stage: Stage, own: readonly Transition[]): boolean {
  const items = own.find((t) => t.type === 'stage.completed' && t.stage === 'prepare')?.step?.items;
  if (items === undefined) return false;
  const through = own.filter((t) => t.type === 'stage.completed' && t.stage === stage);
  return through.reduce((sum, t) => sum + (t.step?.items ?? 0), 0) >= items;
}
