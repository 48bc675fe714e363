/** Which anomalies make sense on which base: a level shift is nothing unusual among steps. */
export const ANOMALIES = {
  sines: ['spike', 'level shift', 'drift', 'dropout', 'frequency change', 'noise burst'],
  steps: ['spike', 'dropout', 'noise burst'],
  walk: ['spike', 'level shift', 'dropout', 'noise burst'],
};

/** Length range in samples and the shortest overlap that makes a window a hit. */
export const SPANS = {
  spike: { low: 1, high: 3, hit: 1 },
  'level shift': { low: 40, high: 200, hit: 8 },
  drift: { low: 150, high: 320, hit: 8 },
  dropout: { low: 28, high: 160, hit: 12 },
  'frequency change': { low: 90, high: 220, hit: 16 },
  'noise burst': { low: 32, high: 150, hit: 10 },
};

function range(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)];
  return { iqr: at(0.75) - at(0.25), low: at(0.02), high: at(0.98) };
}

/** Time that runs `factor` times as fast inside the span and is continuous at both ends. */
function bent(start, end, factor) {
  return (t) => t + (factor - 1) * (Math.min(Math.max(t, start), end) - start);
}

const EDITS = {
  spike(values, span, random, { scale }) {
    const size = random.sign() * random.between(1.7, 5) * scale;
    for (let t = span.start; t < span.end; t++) values[t] += size * random.between(0.7, 1);
  },
  'level shift'(values, span, random, { scale, kind }) {
    const size = random.sign() * random.between(1.8, 4) * scale * (kind === 'walk' ? 1.4 : 1);
    for (let t = span.start; t < span.end; t++) values[t] += size;
  },
  drift(values, span, random, { scale }) {
    const size = random.sign() * random.between(2.2, 5) * scale;
    const length = span.end - span.start;
    for (let t = span.start; t < span.end; t++) {
      values[t] += size * 0.5 * (1 - Math.cos((2 * Math.PI * (t - span.start + 0.5)) / length));
    }
  },
  dropout(values, span, random, { iqr, low, kind }) {
    const outside = low - random.between(1, 2.5) * iqr;
    const level = kind === 'steps' || random.chance(0.5) ? outside : values[span.start];
    values.fill(level, span.start, span.end);
  },
  'noise burst'(values, span, random, { iqr, sigma }) {
    const size = Math.max(random.between(0.6, 1.5) * iqr, sigma * 4);
    for (let t = span.start; t < span.end; t++) values[t] += random.normal() * size;
  },
};

/** Applies one anomaly to a copy of the base series. `strength` below 1 makes it fainter. */
export function withAnomaly(random, base, span, kind, strength) {
  if (kind === 'frequency change') {
    const faster = random.chance(0.5) || base.period > 40;
    const factor = faster ? random.between(1.9, 2.8) : random.between(0.35, 0.5);
    return Float64Array.from(base.values(bent(span.start, span.end, 1 + (factor - 1) * strength)));
  }
  const values = Float64Array.from(base.values());
  const { iqr, low, high } = range(values);
  const scale = (Math.max(iqr, (high - low) * 0.4) + 2 * base.sigma) * strength;
  EDITS[kind](values, span, random, { iqr, low, scale, sigma: base.sigma, kind: base.kind });
  return values;
}
