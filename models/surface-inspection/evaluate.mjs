import { decideSurface } from '../../src/analyzers/surface-inspection/boxes.ts';
import { pictureRow } from '../training/picture-row.mjs';
import { bestOf, iou, share } from '../training/scores.mjs';
import { CLASSES, GRID, SIZE, drawSurface } from './data.mjs';

export const ROW_SHAPE = [SIZE, SIZE, 1];
export const ROW_TYPE = 'uint8';

const CELL = SIZE / GRID;
const SHAPE = { width: GRID, height: GRID, classes: CLASSES.length };
/** Every other picture is drawn at one of these sizes and scaled down by the decoder. */
const SOURCES = [[320, 240], [640, 480], [480, 640], [512, 512], [800, 600]]; // prettier-ignore

/** Draws `count` pictures with their rows. */
export async function drawSamples(random, count, harder) {
  const samples = [];
  for (let n = 0; n < count; n++) {
    const [width, height] = n % 2 ? random.pick(SOURCES) : [SIZE, SIZE];
    const { bytes, ...truth } = drawSurface(random, { width, height, harder });
    const row = await pictureRow({ bytes, width, height }, { mode: 'fill', width: SIZE, height: SIZE });
    samples.push({ row, ...truth });
  }
  return samples;
}

function inRowPixels({ x, y, width, height, label }) {
  return { x: x * CELL, y: y * CELL, width: width * CELL, height: height * CELL, label: CLASSES[label] };
}

/** The figures of the decisions at one threshold. Boxes match with the same class at IoU 0.3 or more. */
export function figures(samples, outputs, threshold) {
  const perClass = Object.fromEntries(CLASSES.map((c) => [c, { images: 0, right: 0, boxes: 0, found: 0 }]));
  const answers = { boxes: 0, matched: 0 };
  samples.forEach((sample, n) => {
    const decision = decideSurface(outputs[n], SHAPE, threshold);
    const boxes = decision.boxes.map(inRowPixels);
    const hits = (a, b) => a.label === b.label && iou(a, b) >= 0.3;
    perClass[sample.label].images++;
    if (CLASSES[decision.label] === sample.label) perClass[sample.label].right++;
    for (const truth of sample.boxes) {
      perClass[truth.label].boxes++;
      if (boxes.some((box) => hits(box, truth))) perClass[truth.label].found++;
    }
    answers.boxes += boxes.length;
    answers.matched += boxes.filter((box) => sample.boxes.some((truth) => hits(box, truth))).length;
  });
  const sum = (key) => Object.values(perClass).reduce((total, c) => total + c[key], 0);
  return {
    imageAccuracy: share(sum('right'), samples.length),
    boxRecall: share(sum('found'), sum('boxes')),
    boxPrecision: share(answers.matched, answers.boxes),
    perClass: Object.fromEntries(
      Object.entries(perClass).map(([name, c]) => {
        const image = { images: c.images, accuracy: share(c.right, c.images) };
        return [name, name === 'ok' ? image : { ...image, boxes: c.boxes, boxRecall: share(c.found, c.boxes) }];
      }),
    ),
  };
}

export const THRESHOLD_RULE =
  'highest sum of image accuracy and box recall on the validation stream, steps of 0.05, the middle of equal ones';

export function suggestThreshold(samples, outputs) {
  const candidates = Array.from({ length: 15 }, (_, k) => (4 + k) / 20);
  return bestOf(candidates, (threshold) => {
    const { imageAccuracy, boxRecall } = figures(samples, outputs, threshold);
    return imageAccuracy + boxRecall;
  });
}

export const TARGETS = [
  { name: 'imageAccuracy', atLeast: 0.95 },
  { name: 'boxRecall', atLeast: 0.85 },
];
