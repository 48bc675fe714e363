/** One digit found in the columns `from` (inclusive) to `to` (exclusive). */
export interface DigitRun {
  readonly digit: number;
  /** Mean probability of the digit over its columns. */
  readonly confidence: number;
  readonly from: number;
  readonly to: number;
}

/** Class index that stands for "no digit here". */
export const BLANK = 10;
export const DIGIT_CLASSES = 11;

/** The digit with the largest summed probability over columns from..to. */
function digitOf(probabilities: ArrayLike<number>, from: number, to: number): DigitRun {
  const sums = new Array<number>(BLANK).fill(0);
  for (let column = from; column < to; column++) {
    for (let digit = 0; digit < BLANK; digit++) {
      sums[digit] = (sums[digit] ?? 0) + (probabilities[column * DIGIT_CLASSES + digit] ?? 0);
    }
  }
  const digit = sums.indexOf(Math.max(...sums));
  return { digit, confidence: (sums[digit] ?? 0) / (to - from), from, to };
}

/**
 * Greedy reading of one row: each run of columns where a digit is likelier than blank becomes one digit, the one with the
 * largest summed probability. Runs below `threshold` confidence are dropped.
 * @param probabilities [columns, 11], class 10 is blank
 */
export function readRuns(probabilities: ArrayLike<number>, columns: number, threshold: number): DigitRun[] {
  const runs: DigitRun[] = [];
  let from = -1;
  for (let column = 0; column <= columns; column++) {
    const inked = column < columns && (probabilities[column * DIGIT_CLASSES + BLANK] ?? 1) < 0.5;
    if (inked && from < 0) from = column;
    if (!inked && from >= 0) {
      runs.push(digitOf(probabilities, from, column));
      from = -1;
    }
  }
  return runs.filter((run) => run.confidence >= threshold);
}
