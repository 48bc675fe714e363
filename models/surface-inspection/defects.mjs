import { blob, stroke } from '../training/shapes.mjs';

const start = (random) => ({ x: random.between(10, 118), y: random.between(10, 118) });
const stepFrom = (p, angle, length) => ({ x: p.x + Math.cos(angle) * length, y: p.y + Math.sin(angle) * length });
const inside = (p) => p.x > 2 && p.x < 126 && p.y > 2 && p.y < 126;

/** A smooth, nearly straight line with a faint lip beside it. */
function scratch(random, strength) {
  let angle = random.between(0, 2 * Math.PI);
  const bend = random.between(-0.05, 0.05);
  const points = [start(random)];
  const length = random.between(26, 100);
  for (let walked = 0; walked < length; walked += 8) {
    const next = stepFrom(points.at(-1), angle, 8);
    if (!inside(next)) break;
    points.push(next);
    angle += bend;
  }
  if (points.length < 4) return scratch(random, strength);
  const width = random.between(0.8, 2.2);
  const tone = (random.chance(0.7) ? 1 : -1) * random.between(38, 85) * strength;
  const lip = points.map((p) => stepFrom(p, angle + Math.PI / 2, width * 1.1));
  return [
    { shape: stroke(points, width), tone, soft: 0.8, truth: true },
    { shape: stroke(lip, width), tone: -0.35 * tone, soft: 1, truth: false },
  ];
}

function jagged(random, from, heading, length) {
  const points = [from];
  for (let walked = 0; walked < length;) {
    const stride = random.between(3, 7);
    const next = stepFrom(points.at(-1), heading + random.between(-0.85, 0.85), stride);
    if (!inside(next)) break;
    points.push(next);
    walked += stride;
  }
  return points;
}

/** A dark jagged line, sometimes with branches. */
function crack(random, strength) {
  const heading = random.between(0, 2 * Math.PI);
  const trunk = jagged(random, start(random), heading, random.between(32, 100));
  if (trunk.length < 6) return crack(random, strength);
  const width = random.between(0.9, 2);
  const tone = -random.between(45, 100) * strength;
  const parts = [{ shape: stroke(trunk, width), tone, soft: 0.7, truth: true }];
  for (let k = random.int(0, 2); k > 0; k--) {
    const turn = random.sign() * random.between(0.5, 1.1);
    const branch = jagged(random, random.pick(trunk), heading + turn, random.between(10, 30));
    if (branch.length > 2) parts.push({ shape: stroke(branch, width * 0.8), tone, soft: 0.7, truth: true });
  }
  return parts;
}

/** A small dark hole with a lit rim on one side. */
function pit(random, strength) {
  const center = start(random);
  const radius = random.between(4.2, 8.5);
  const squash = random.between(0.75, 1.25);
  const turn = random.between(0, Math.PI);
  const edge = (angle) =>
    radius / Math.sqrt(Math.cos(angle - turn) ** 2 * squash + Math.sin(angle - turn) ** 2 / squash);
  const tone = -random.between(40, 95) * strength;
  const light = stepFrom(center, random.between(0, 2 * Math.PI), 1.4);
  return [
    { shape: blob(light, (a) => edge(a) + 0.7, radius * 1.3), tone: -0.45 * tone, soft: 1.2, truth: false },
    { shape: blob(center, edge, radius * 1.2), tone: tone * 1.3, soft: random.between(1, 3), truth: true },
  ];
}

/** A large soft discoloured patch, often with a darker border. */
function stain(random, strength) {
  const center = { x: random.between(22, 106), y: random.between(22, 106) };
  const radius = random.between(11, 27);
  const waves = [2, 3, 5].map((k) => ({ k, size: random.between(0, 0.3 / k), phase: random.between(0, 6.3) }));
  const edge = (angle) => radius * waves.reduce((r, w) => r + w.size * Math.cos(w.k * angle + w.phase), 1);
  const tone = (random.chance(0.75) ? -1 : 1) * random.between(16, 36) * strength;
  const parts = [{ shape: blob(center, edge, radius * 1.4), tone, soft: random.between(2, 6), truth: true }];
  if (random.chance(0.5)) {
    parts.push({ shape: blob(center, (a) => edge(a) - 3.5, radius * 1.4), tone: -0.4 * tone, soft: 4, truth: false });
  }
  return parts;
}

/** How each class is drawn, how many of it lie on one picture, and how many of a cell's 64 pixels make it a hit. */
export const DEFECTS = {
  scratch: { draw: scratch, most: 2, grow: 0.9, hit: 6 },
  pit: { draw: pit, most: 3, grow: 0.3, hit: 10 },
  stain: { draw: stain, most: 1, grow: 0, hit: 20 },
  crack: { draw: crack, most: 1, grow: 0.9, hit: 6 },
};
