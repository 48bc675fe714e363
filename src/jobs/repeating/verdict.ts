import type { Receipt } from '../../gpu-scheduler/work-item.js';
import type { RerunPin, RerunVerdict } from '../rerun.js';

/** Compares a rerun with the job that it repeats. `differs` tells what was different though nobody asked for it. */
export function verdictOf(
  pin: RerunPin,
  resultDigest: string,
  receipt: Pick<Receipt, 'deviceType' | 'batchSize'>,
): RerunVerdict {
  const differs = (['deviceType', 'batchSize'] as const).filter((fact) => receipt[fact] !== pin[fact]);
  return {
    match: resultDigest === pin.resultDigest,
    expectedDigest: pin.resultDigest,
    actualDigest: resultDigest,
    differs,
  };
}
