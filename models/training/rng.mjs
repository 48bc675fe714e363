/** mulberry32: 32 bits of state, so all its streams are stretches of one cycle of 2^32 numbers. */
function mulberry32(seed) {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** sfc32: 128 bits of state, warmed up. */
function sfc32(seed) {
  let [a, b, c, counter] = [0, seed | 0, 0x2545f491, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 16; i++) next();
  return next;
}

function withShapes(next) {
  return {
    between: (low, high) => low + (high - low) * next(),
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
    sign: () => (next() < 0.5 ? -1 : 1),
    /** Standard normal by twelve uniforms: no logarithm, so it is the same bit for bit everywhere. */
    normal: () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return sum;
    },
    /** Cheap bell-shaped noise with unit variance for pixels (three uniforms). */
    grain: () => (next() + next() + next() - 1.5) * 2,
  };
}

/** The seeded stream that training and the samples draw from, the same on every machine. */
export function randomStream(seed) {
  return withShapes(mulberry32(seed));
}

/**
 * A stream for samples that measure. Training uses up a good part of mulberry32's cycle; another generator makes sure that
 * no measured sample repeats a stretch of it.
 */
export function measuringStream(seed) {
  return withShapes(sfc32(seed));
}

/** Added to the seed for each measuring stream. */
export const STREAMS = { validation: 1_000_003, heldOut: 2_000_003, harder: 3_000_017 };
