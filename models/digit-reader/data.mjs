import { addGrain, canvas, eachPixel, fill } from '../training/canvas.mjs';
import { coverage, stroke } from '../training/shapes.mjs';
import { valueNoise } from '../training/value-noise.mjs';
import { GLYPHS } from './glyphs.mjs';

const HEIGHT = 32;
const WIDTH = 192;

/** How the digits of one line look: size, pitch, slant, pen and how unsteady the hand is. */
function chooseStyle(random, count, harder) {
  const hand = random.chance(0.45) ? random.between(0.3, harder ? 1.5 : 1) : 0;
  const height = random.between(14, 27);
  const most = Math.min(36, (WIDTH - 8) / count);
  const width = Math.min(height * random.between(0.42, 0.82), most * 0.8);
  const gap = Math.max(3 + 1.5 * hand, 12 - width, width * random.between(0.18, 0.6));
  return {
    hand,
    height,
    width,
    pitch: Math.min(most, width + gap),
    pen: Math.min(random.between(1.2, harder ? 5.2 : 4.4), width * 0.32),
    slant: random.between(-0.22, 0.28) * (harder ? 1.4 : 1),
    tilt: random.between(-0.02, 0.02) * (harder ? 2 : 1),
    soft: random.between(0.8, harder ? 2.6 : 1.9),
  };
}

/** Strokes of one digit around its centre, in row units. */
function placeGlyph(random, digit, center, style) {
  const { hand, slant } = style;
  const turn = hand * random.between(-0.12, 0.12);
  const width = (digit === 1 ? 0.8 : 1) * style.width * (1 + hand * random.between(-0.12, 0.12));
  const height = style.height * (1 + hand * random.between(-0.1, 0.08));
  const wave = {
    x: hand * random.between(-0.06, 0.06),
    y: hand * random.between(-0.06, 0.06),
    phase: random.between(0, 6),
  };
  return random.pick(GLYPHS[digit]).map((points) =>
    points.map(({ x, y }) => {
      const px = x - 0.5 + wave.x * Math.sin(4 * y + wave.phase) + hand * random.between(-0.012, 0.012);
      const py = y - 0.5 + wave.y * Math.sin(4 * x + wave.phase) + hand * random.between(-0.012, 0.012);
      const dx = px * width - py * height * slant * 0.6;
      const dy = py * height;
      return { x: center.x + dx - dy * turn, y: center.y + dy + dx * turn };
    }),
  );
}

/** Paper without ink: tone, light falling off to one side, fibre noise. */
function paperOf(random, units) {
  const tone = random.between(185, 250);
  const slope = random.between(-25, 25) / units;
  const fibre = valueNoise(random, units, HEIGHT, random.between(2, 20), random.between(2, 8));
  const rough = random.between(0, 7);
  return (x, y) => tone + slope * (x - units / 2) + fibre(x, y) * rough;
}

/**
 * Draws one line of digits as a grey source picture.
 * @param {{count?: number, text?: string, scale?: number, harder?: boolean}} options scale: source pixels per row unit
 * @returns bytes of the source picture and, per digit, its centre and width in row units (32 units high)
 */
export function drawLine(random, { count = random.int(4, 8), text, scale = 1, harder = false } = {}) {
  const digits = text ? [...text].map(Number) : Array.from({ length: count }, () => random.int(0, 9));
  const style = chooseStyle(random, digits.length, harder);
  const ink = digits.length * style.pitch;
  const left = random.between(2, Math.max(2.5, Math.min(24, WIDTH - ink - 2)));
  const right = random.between(2, Math.max(2.5, Math.min(50, WIDTH - ink - left)));
  const width = Math.round((left + ink + right) * scale);
  const height = Math.round(HEIGHT * scale);
  const units = width / scale;
  const picture = canvas(width, height, units, height / scale);
  const paper = paperOf(random, units);
  fill(picture, paper);
  const slack = Math.max(0, (HEIGHT - style.height * 1.1 - style.pen) / 2);
  const baseline = HEIGHT / 2 + random.between(-1, 1) * Math.min(slack, 6);
  const darkness = random.between(harder ? 60 : 90, 175);
  const places = digits.map((digit, k) => {
    const x = left + (k + 0.5) * style.pitch + style.hand * random.between(-0.05, 0.05) * style.pitch;
    const y = baseline + style.tilt * (x - units / 2) + style.hand * random.between(-1, 1);
    for (const points of placeGlyph(random, digit, { x, y }, style)) {
      paint(picture, stroke(points, style.pen), darkness, Math.max(style.soft, picture.stepX), paper);
    }
    return { digit, x, width: style.pitch };
  });
  addGrain(picture, random, random.between(0.5, harder ? 14 : 8) * Math.min(scale, 2.5));
  if (random.chance(0.1)) picture.data.forEach((v, i) => (picture.data[i] = 255 - v));
  const bytes = Uint8Array.from(picture.data, (v) => Math.min(255, Math.max(0, Math.round(v))));
  return { bytes, width, height, text: digits.join(''), places };
}

/** Ink never adds up where strokes cross: the darkest stroke wins. */
function paint(target, shape, darkness, soft, paper) {
  eachPixel(target, shape.bounds, (at, x, y) => {
    const covered = coverage(shape.distance(x, y), soft);
    if (covered > 0) target.data[at] = Math.min(target.data[at], paper(x, y) - darkness * covered);
  });
}
