import type { Receipt } from '../../gpu-scheduler/work-item.js';
import type { RerunPin, RerunVerdict } from '../rerun.js';

/** What is compared of the runs of one step. */
type Facts = Pick<Receipt, 'deviceType' | 'batchSize'>;

/** The facts of one step, whose rows may have run in several inference batches: of these the largest. */
export function factsOf(runs: readonly Facts[]): Facts {
  const [first] = runs;
  if (!first) throw new Error('a step that ran nothing has no facts');
  return { deviceType: first.deviceType, batchSize: Math.max(...runs.map(({ batchSize }) => batchSize)) };
}

/**
 * Compares a rerun with the job that it repeats. `differs` tells what was different though nobody asked for it.
 * @param steps receipts by step; one step with one receipt for an analyzer with one model
 */
export function verdictOf(pin: RerunPin, resultDigest: string, steps: readonly (readonly Facts[])[]): RerunVerdict {
  const pinned: readonly Facts[] = pin.steps ?? [pin];
  const ran = steps.filter((runs) => runs.length > 0).map(factsOf);
  const isOther = (fact: keyof Facts) => (_: unknown, i: number) => ran[i]?.[fact] !== pinned[i]?.[fact];
  const differs = (['deviceType', 'batchSize'] as const).filter((fact) =>
    (ran.length > pinned.length ? ran : pinned).some(isOther(fact)),
  );
  return {
    match: resultDigest === pin.resultDigest,
    expectedDigest: pin.resultDigest,
    actualDigest: resultDigest,
    differs,
  };
}
