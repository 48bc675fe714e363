import { GLYPHS } from '../digit-reader/glyphs.mjs';
import { addGrain, canvas, eachPixel, fill, toBytes } from '../training/canvas.mjs';
import { coverage, stroke } from '../training/shapes.mjs';
import { valueNoise } from '../training/value-noise.mjs';
import { bars, dial, words } from './furniture.mjs';

export const WIDTH = 192;
export const HEIGHT = 128;
export const CELL_SIZE = 4;

/** How the digits look and how far apart they stand, in row units. */
function chooseNumber(random, units, digits, least) {
  const count = digits.length;
  const most = (units.width - 16) / count;
  const height = Math.min(random.between(least, 40), most / 0.62, units.height * 0.55);
  const width = height * random.between(0.42, 0.58);
  const gap = Math.min(Math.max(3.5, width * random.between(0.3, 1)), most - width);
  return {
    height,
    width,
    pitch: width + gap,
    pen: height * random.between(0.08, 0.15),
    slant: random.between(-0.06, 0.14),
  };
}

/** Strokes of one digit around its middle. */
function placeGlyph(random, digit, middle, { width, height, slant }) {
  const own = (digit === 1 ? 0.8 : 1) * width;
  return random.pick(GLYPHS[digit]).map((points) =>
    points.map(({ x, y }) => {
      const up = (y - 0.5) * height;
      return { x: middle.x + (x - 0.5) * own - up * slant, y: middle.y + up };
    }),
  );
}

/** Grey level of the housing: tone, light falling off to one side, texture. */
function housing(random, units) {
  const tone = random.between(60, 210);
  const [slopeX, slopeY] = [random.between(-30, 30) / units.width, random.between(-25, 25) / units.height];
  const noise = valueNoise(random, units.width, units.height, random.between(3, 40), random.between(3, 40));
  const rough = random.between(0, 9);
  return (x, y) => tone + slopeX * (x - units.width / 2) + slopeY * (y - units.height / 2) + noise(x, y) * rough;
}

function paintStroke(target, shape, level, soft) {
  eachPixel(target, shape.bounds, (at, x, y) => {
    const covered = coverage(shape.distance(x, y), Math.max(soft, target.stepX));
    if (covered > 0) target.data[at] += (level - target.data[at]) * covered;
  });
}

/** The window of the number: a plain plate, sometimes with a frame and with bars between the drums. */
function paintWindow(random, target, box, tone, number, places) {
  eachPixel(target, box, (at, x, y) => {
    const isInside = x > box.left && x < box.right && y > box.top && y < box.bottom;
    if (isInside) target.data[at] = tone + (target.data[at] - tone) * 0.12;
  });
  const { left, right, top, bottom } = box;
  const edge = (points, level, width) => paintStroke(target, stroke(points, width), level, 1);
  if (random.chance(0.6)) {
    const level = random.between(10, 245);
    const corners = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]; // prettier-ignore
    edge(corners.map(([x, y]) => ({ x, y })), level, random.between(1, 3.5)); // prettier-ignore
  }
  if (number.pitch - number.width > 6 && random.chance(0.4)) {
    const level = tone + random.sign() * random.between(25, 60);
    for (const { x } of places.slice(1)) {
      edge([{ x: x - number.pitch / 2, y: top }, { x: x - number.pitch / 2, y: bottom }], level, random.between(0.8, 1.6)); // prettier-ignore
    }
  }
}

/** Things beside the number, in the bands above and below its window. */
function paintFurniture(random, target, units, box, soft, busy) {
  const bands = [{ top: 3, bottom: box.top - 3 }, { top: box.bottom + 3, bottom: units.height - 3 }]; // prettier-ignore
  for (const { top, bottom } of bands.filter((band) => band.bottom - band.top > 10)) {
    const band = { left: 6, right: units.width - 6, top, bottom };
    for (const draw of [words, words, dial, bars]) {
      if (!random.chance(busy)) continue;
      const level = random.chance(0.5) ? random.between(10, 70) : random.between(180, 250);
      for (const shape of draw(random, band)) paintStroke(target, shape, level, soft);
    }
  }
}

/**
 * Draws a meter as a grey source picture.
 * @param {{scale?: number, text?: string, least?: number, harder?: boolean, isEmpty?: boolean}} options
 *   scale: source pixels per row unit; least: lowest height of digits, row units
 * @returns bytes, the text and, per digit, its middle and size in row units
 */
export function drawMeter(random, { scale = 1, text, least = 16, harder = false, isEmpty = random.chance(0.06) } = {}) {
  const isWide = random.chance(0.6);
  const units = {
    width: isWide ? WIDTH : Math.round(random.between(128, WIDTH)),
    height: isWide ? Math.round(random.between(84, HEIGHT)) : HEIGHT,
  };
  const width = Math.round(units.width * scale);
  const height = Math.round(units.height * scale);
  const target = canvas(width, height, units.width, units.height);
  fill(target, housing(random, units));
  const digits = text ? [...text].map(Number) : Array.from({ length: random.int(3, 8) }, () => random.int(0, 9));
  const number = chooseNumber(random, units, digits, least);
  const wide = number.pitch * digits.length;
  const middle = {
    x: random.between(wide / 2 + 6, units.width - wide / 2 - 6),
    y: random.between(number.height * 0.8 + 2, units.height - number.height * 0.8 - 2),
  };
  const tilt = random.between(-0.02, 0.02) * (harder ? 2 : 1);
  const places = digits.map((digit, k) => {
    const x = middle.x - wide / 2 + (k + 0.5) * number.pitch;
    return { digit, x, y: middle.y + tilt * (x - middle.x), width: number.width, height: number.height };
  });
  const [padX, padY] = [random.between(0.1, 0.5), random.between(0.3, 0.55)].map((pad) => pad * number.height);
  const box = {
    left: middle.x - wide / 2 - padX,
    right: middle.x + wide / 2 + padX,
    top: middle.y - number.height / 2 - padY,
    bottom: middle.y + number.height / 2 + padY,
  };
  const isDark = random.chance(0.5);
  const tone = isDark ? random.between(15, 80) : random.between(175, 245);
  const ink = tone + (isDark ? 1 : -1) * random.between(harder ? 60 : 95, 165);
  const soft = random.between(0.8, harder ? 2.4 : 1.7);
  paintWindow(random, target, box, tone, number, places);
  paintFurniture(random, target, units, box, soft, harder ? 0.6 : 0.4);
  if (!isEmpty) {
    for (const place of places) {
      for (const points of placeGlyph(random, place.digit, place, number)) {
        paintStroke(target, stroke(points, number.pen), ink, soft);
      }
    }
  }
  addGrain(target, random, random.between(0.5, harder ? 12 : 7) * Math.min(scale, 2.5));
  const found = isEmpty ? [] : places;
  return { bytes: toBytes(target), width, height, text: found.map(({ digit }) => digit).join(''), places: found };
}
