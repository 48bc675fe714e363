import { pictureRow, pictureRows, toPng } from '../training/picture-row.mjs';
import { align, bestOf, iou, share } from '../training/scores.mjs';
import { HEIGHT, WIDTH, drawMeter } from './data.mjs';

const { cropsOf, findDigits } = await import('../../src/analyzers/meter-reader/digit-boxes.ts');
const { readDigit } = await import('../../src/analyzers/meter-reader/read-digit.ts');

export const ROW_SHAPE = [HEIGHT, WIDTH, 1];
export const ROW_TYPE = 'uint8';

const SCALES = [1, 1.5, 2, 3];
/** Lowest digits that the model is meant for, in row pixels; it was trained with lower ones too. */
const LEAST = 20;
const CROP = { mode: 'line', width: 192, height: 32, channels: 1 };

/** Draws `count` meters with the detector's rows. */
export async function drawSamples(random, count, harder) {
  const samples = [];
  for (let n = 0; n < count; n++) {
    const scale = random.pick(SCALES);
    const { text, places, ...picture } = drawMeter(random, { scale, harder, least: LEAST });
    const row = await pictureRow(picture, { mode: 'contain', width: WIDTH, height: HEIGHT });
    samples.push({ row, text, places, scale: Math.min(WIDTH / picture.width, HEIGHT / picture.height), picture });
  }
  return samples;
}

/** What the analyzer's second step does: crops out of the picture itself, one row for each. */
async function readAll(samples, found) {
  const { onnxRunner } = await import('../training/runners.mjs');
  const run = await onnxRunner('digit-reader', [32, 192, 1], 'uint8');
  const crops = [];
  for (const [n, { picture, scale }] of samples.entries()) {
    const specs = cropsOf(found[n]).map(({ x, y, width, height }) => ({
      ...CROP,
      region: { x: x / scale, y: y / scale, width: width / scale, height: height / scale },
    }));
    if (specs.length > 0) crops.push({ n, rows: await pictureRows(await toPng(picture), specs) });
  }
  const outputs = await run(crops.flatMap(({ rows }) => rows));
  const texts = samples.map(() => '');
  let at = 0;
  for (const { n, rows } of crops) {
    texts[n] = rows.map(() => readDigit(outputs[at++], 0)?.digit ?? '?').join('');
  }
  return texts;
}

const boxOf = ({ x, y, width, height }) => ({ x: x - width / 2, y: y - height / 2, width, height });

/** The figures of both models. A digit is found when a box overlaps it with IoU 0.3 or more. */
export async function figures(samples, outputs, threshold) {
  const found = outputs.map((output) => findDigits(output, threshold));
  const texts = await readAll(samples, found);
  const perDigit = Array.from({ length: 10 }, () => ({ digits: 0, right: 0 }));
  const sums = { whole: 0, edits: 0, digits: 0, hit: 0, boxes: 0 };
  samples.forEach(({ text, places }, n) => {
    const { edits, pairs } = align(text, texts[n]);
    if (texts[n] === text) sums.whole++;
    sums.edits += edits;
    sums.digits += text.length;
    sums.boxes += found[n].length;
    sums.hit += places.filter((place) => found[n].some((box) => iou(box, boxOf(place)) >= 0.3)).length;
    for (const digit of text) perDigit[digit].digits++;
    for (const [expected, actual] of pairs) if (expected === actual) perDigit[expected].right++;
  });
  return {
    readingAccuracy: share(sums.whole, samples.length),
    digitAccuracy: share(Math.max(0, sums.digits - sums.edits), sums.digits),
    boxRecall: share(sums.hit, sums.digits),
    boxPrecision: share(Math.min(sums.hit, sums.boxes), sums.boxes),
    perClass: Object.fromEntries(
      perDigit.map((each, digit) => [digit, { digits: each.digits, accuracy: share(each.right, each.digits) }]),
    ),
  };
}

export const THRESHOLD_RULE =
  'highest share of pictures with exactly as many digits found as there are, on the validation stream, steps of 0.05, the middle of equal ones';

export function suggestThreshold(samples, outputs) {
  const candidates = Array.from({ length: 15 }, (_, k) => (3 + k) / 20);
  const isExact = (n, threshold) => findDigits(outputs[n], threshold).length === samples[n].places.length;
  return bestOf(candidates, (threshold) => samples.filter((_, n) => isExact(n, threshold)).length);
}

export const TARGETS = [
  { name: 'readingAccuracy', atLeast: 0.85 },
  { name: 'digitAccuracy', atLeast: 0.95 },
  { name: 'boxRecall', atLeast: 0.95 },
];
