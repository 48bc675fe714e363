import { stroke } from '../training/shapes.mjs';

/** Stroke skeletons of letters in a unit box, y down: what stands on meters beside the number. */
const LETTERS = [
  [[0, 0, 0, 1], [1, 0, 0, 0.55, 1, 1]], // K
  [[0, 0, 0.25, 1, 0.5, 0.3, 0.75, 1, 1, 0]], // W
  [[0, 0, 0, 1], [1, 0, 1, 1], [0, 0.5, 1, 0.5]], // H
  [[0, 1, 0, 0, 0.5, 0.6, 1, 0, 1, 1]], // M
  [[0, 1, 0.5, 0, 1, 1], [0.2, 0.65, 0.8, 0.65]], // A
  [[0, 0, 0.5, 1, 1, 0]], // V
  [[0, 0, 1, 1], [1, 0, 0, 1]], // X
  [[0, 0, 1, 0], [0.5, 0, 0.5, 1]], // T
  [[0, 0, 0, 1, 0.9, 1]], // L
  [[0, 1, 0, 0, 1, 1, 1, 0]], // N
  [[0.9, 0, 0, 0, 0, 1, 0.9, 1], [0, 0.5, 0.7, 0.5]], // E
  [[0, 1, 0, 0, 0.8, 0, 0.8, 0.5, 0, 0.5]], // P
]; // prettier-ignore

const pointsOf = (numbers, at, width, height) =>
  numbers.flatMap((_, k) => (k % 2 ? [] : [{ x: at.x + numbers[k] * width, y: at.y + numbers[k + 1] * height }]));

/** Words in small letters somewhere in a band, as strokes. */
export function words(random, band) {
  const strokes = [];
  for (let word = random.int(1, 3); word > 0; word--) {
    const height = random.between(4, Math.min(13, band.bottom - band.top));
    const width = height * random.between(0.5, 0.9);
    const at = { x: random.between(band.left, band.right), y: random.between(band.top, band.bottom - height) };
    for (let letter = random.int(2, 7); letter > 0 && at.x + width < band.right; letter--) {
      for (const numbers of random.pick(LETTERS)) {
        strokes.push(stroke(pointsOf(numbers, at, width, height), height * random.between(0.08, 0.18)));
      }
      at.x += width * random.between(1.25, 1.5);
    }
  }
  return strokes;
}

/** A dial with its hand: a ring, marks and a pointer. */
export function dial(random, band) {
  const radius = random.between(5, Math.max(5.5, Math.min(22, (band.bottom - band.top) / 2)));
  const center = { x: random.between(band.left, band.right), y: (band.top + band.bottom) / 2 };
  const around = (share, length) => ({
    x: center.x + length * Math.cos(share * 2 * Math.PI),
    y: center.y + length * Math.sin(share * 2 * Math.PI),
  });
  const half = random.between(0.4, 1);
  const reach = radius + half + 2;
  const ring = {
    bounds: { left: center.x - reach, right: center.x + reach, top: center.y - reach, bottom: center.y + reach },
    distance: (x, y) => Math.abs(Math.sqrt((x - center.x) ** 2 + (y - center.y) ** 2) - radius) - half,
  };
  const marks = Array.from({ length: 10 }, (_, k) => [around(k / 10, radius * 0.8), around(k / 10, radius * 0.92)]);
  const hand = [center, around(random.between(0, 1), radius * 0.75)];
  return [ring, ...marks.map((mark) => stroke(mark, 0.8)), stroke(hand, 1.6)];
}

/** Bars of a bar code, or lines of a rating plate. */
export function bars(random, band) {
  const isUpright = random.chance(0.5);
  const strokes = [];
  const left = random.between(band.left, band.right - 20);
  const top = random.between(band.top, Math.max(band.top, band.bottom - 14));
  for (let at = 0; at < random.between(20, 60); at += random.between(2.5, 6)) {
    const line = isUpright
      ? [{ x: left + at, y: top }, { x: left + at, y: top + random.between(8, 12) }]
      : [{ x: left, y: top + at / 2 }, { x: left + random.between(15, 40), y: top + at / 2 }]; // prettier-ignore
    strokes.push(stroke(line, random.between(0.8, 2.2)));
  }
  return strokes;
}
