import { readRuns } from '../../src/analyzers/digit-reader/runs.ts';
import { pictureRow } from '../training/picture-row.mjs';
import { align, bestOf, share } from '../training/scores.mjs';
import { drawLine } from './data.mjs';

export const ROW_SHAPE = [32, 192, 1];
export const ROW_TYPE = 'uint8';

const COLUMNS = 48;

/** Draws `count` lines of 4 to 8 digits at 28 to 160 pixels height; every row comes from the picture decoder's steps. */
export async function drawSamples(random, count, harder) {
  const samples = [];
  for (let n = 0; n < count; n++) {
    const line = drawLine(random, { scale: random.pick([0.9, 1, 1.5, 2, 3, 5]), harder });
    samples.push({ row: await pictureRow(line, { mode: 'line', width: 192, height: 32 }), text: line.text });
  }
  return samples;
}

/** The figures of the readings at one threshold. A digit counts as right in the cheapest alignment of the two strings. */
export function figures(samples, outputs, threshold) {
  const perDigit = Array.from({ length: 10 }, () => ({ digits: 0, right: 0 }));
  let whole = 0;
  let edits = 0;
  samples.forEach(({ text }, n) => {
    const read = readRuns(outputs[n], COLUMNS, threshold).map((run) => run.digit).join(''); // prettier-ignore
    const alignment = align(text, read);
    edits += alignment.edits;
    if (read === text) whole++;
    for (const digit of text) perDigit[digit].digits++;
    for (const [expected, actual] of alignment.pairs) if (expected === actual) perDigit[expected].right++;
  });
  const digits = perDigit.reduce((sum, each) => sum + each.digits, 0);
  return {
    stringAccuracy: share(whole, samples.length),
    digitAccuracy: share(Math.max(0, digits - edits), digits),
    perClass: Object.fromEntries(
      perDigit.map((each, digit) => [digit, { digits: each.digits, accuracy: share(each.right, each.digits) }]),
    ),
  };
}

export const THRESHOLD_RULE =
  'highest share of whole strings on the validation stream, steps of 0.05, the middle of equal ones';

export function suggestThreshold(samples, outputs) {
  const candidates = Array.from({ length: 11 }, (_, k) => (4 + k) / 20);
  return bestOf(candidates, (threshold) => figures(samples, outputs, threshold).stringAccuracy);
}

export const TARGETS = [
  { name: 'stringAccuracy', atLeast: 0.95 },
  { name: 'digitAccuracy', atLeast: 0.99 },
];
