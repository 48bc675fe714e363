import { valueNoise } from '../training/value-noise.mjs';

const SIZE = 128;

/** Surface structure without defects: a function of x and y in row units that returns grey levels around 0. */
function structure(random, harder) {
  const gain = harder ? 1.5 : 1;
  const kind = random.pick(['plain', 'brushed', 'speckle', 'mottled', 'machined']);
  const amplitude = random.between(2, 7) * gain;
  if (kind === 'brushed') {
    const upright = random.chance(0.3);
    const long = random.between(40, 120);
    const fine = random.between(0.8, 2);
    const noise = valueNoise(random, SIZE, SIZE, upright ? fine : long, upright ? long : fine);
    return (x, y) => noise(x, y) * amplitude;
  }
  if (kind === 'speckle' || kind === 'mottled') {
    const cell = kind === 'speckle' ? random.between(2, 5) : random.between(18, 45);
    const noise = valueNoise(random, SIZE, SIZE, cell, cell);
    return (x, y) => noise(x, y) * amplitude;
  }
  if (kind === 'machined') {
    const angle = random.between(0, Math.PI);
    const step = (2 * Math.PI) / random.between(4, 12);
    const [cx, cy] = [Math.cos(angle) * step, Math.sin(angle) * step];
    return (x, y) => Math.sin(x * cx + y * cy) * amplitude * 0.6;
  }
  return () => 0;
}

/** A welding bead across the plate: a soft ripple band that is not a defect. */
function bead(random) {
  const middle = random.between(20, 108);
  const half = random.between(7, 15);
  const tilt = random.between(-0.15, 0.15);
  const lift = random.between(6, 22);
  const ripple = random.between(1, 5);
  const pace = (2 * Math.PI) / random.between(6, 12);
  const upright = random.chance(0.3);
  return (x, y) => {
    const [along, across] = upright ? [y, x] : [x, y];
    const d = (across - middle - tilt * (along - 64)) / half;
    if (d < -1 || d > 1) return 0;
    const profile = (1 - d * d) ** 2;
    return profile * (lift + ripple * Math.sin((along + d * d * 5) * pace));
  };
}

/** Grey level of a clean surface at x, y (row units): base tone, light gradient, hot spot, structure, sometimes a bead. */
export function cleanSurface(random, harder) {
  const base = random.between(80, 190);
  const gainX = random.between(-0.3, 0.3);
  const gainY = random.between(-0.3, 0.3);
  const hot = { x: random.between(0, SIZE), y: random.between(0, SIZE), lift: random.between(-15, 25) };
  const spread = random.between(40, 90) ** 2;
  const texture = structure(random, harder);
  const seam = random.chance(0.25) ? bead(random) : () => 0;
  return (x, y) => {
    const d2 = ((x - hot.x) ** 2 + (y - hot.y) ** 2) / spread;
    return base + gainX * (x - 64) + gainY * (y - 64) + hot.lift / (1 + d2) + texture(x, y) + seam(x, y);
  };
}
