import { DIGIT_CLASSES, type DigitRun, readRuns } from '../digit-reader/runs.js';

/** Columns of digit-net's answer. */
export const COLUMNS = 48;

/** The digit in one crop, `null` when there is none: of several readings, such as an edge of a neighbor, the largest. */
export function readDigit(probabilities: Float32Array, crop: number): Pick<DigitRun, 'digit' | 'confidence'> | null {
  const size = COLUMNS * DIGIT_CLASSES;
  const runs = readRuns(probabilities.subarray(crop * size, (crop + 1) * size), COLUMNS, 0);
  const weight = ({ confidence, from, to }: DigitRun) => confidence * (to - from);
  const [first, ...others] = runs;
  return first ? others.reduce((best, run) => (weight(run) > weight(best) ? run : best), first) : null;
}
