/** One to three sines with noise. `values(warp)` bends time, which is how a frequency change is made. */
function sines(random, length) {
  const period = random.between(9, 70);
  const parts = Array.from({ length: random.int(1, 3) }, (_, k) => ({
    period: k ? period * random.between(0.3, 2.5) : period,
    size: k ? random.between(0.1, 0.5) : 1,
    phase: random.between(0, 2 * Math.PI),
  }));
  const sigma = random.between(0.02, 0.25);
  const noise = Float64Array.from({ length }, () => random.normal() * sigma);
  const at = (t) => parts.reduce((sum, p) => sum + p.size * Math.sin((2 * Math.PI * t) / p.period + p.phase), 0);
  return { sigma, period, values: (warp = (t) => t) => noise.map((n, t) => at(warp(t)) + n) };
}

/** Plateaus that switch between a few levels, as a machine with states does. */
function steps(random, length) {
  const levels = Array.from({ length: random.int(2, 4) }, (_, k) => k + random.between(-0.2, 0.2));
  const sigma = random.between(0.03, 0.15);
  const out = new Float64Array(length);
  let level = random.pick(levels);
  let left = random.int(30, 150);
  for (let t = 0; t < length; t++) {
    if (left-- === 0) {
      level = random.pick(levels.filter((other) => other !== level));
      left = random.int(30, 150);
    }
    out[t] = level + random.normal() * sigma;
  }
  return { sigma, period: 0, values: () => out };
}

/** A random walk that is pulled back to its mean. */
function walk(random, length) {
  const memory = random.between(0.85, 0.98);
  const sigma = random.between(0.05, 0.2);
  const out = new Float64Array(length);
  let value = random.normal();
  for (let t = 0; t < length; t++) {
    value = value * memory + random.normal() * Math.sqrt(1 - memory * memory);
    out[t] = value + random.normal() * sigma;
  }
  return { sigma, period: 0, values: () => out };
}

const BASES = { sines, steps, walk };

/** A clean series: half sines, the rest steps and walks. */
export function baseSignal(random, length) {
  const kind = random.pick(['sines', 'sines', 'steps', 'walk']);
  return { kind, ...BASES[kind](random, length) };
}
