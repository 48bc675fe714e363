import { WINDOW } from '../../src/analyzers/signal-anomaly/normalize.ts';
import { ANOMALIES, SPANS, withAnomaly } from './anomalies.mjs';
import { baseSignal } from './base-signals.mjs';

function spanIn(random, kind, length) {
  const { low, high } = SPANS[kind];
  const size = Math.min(random.int(low, high), Math.floor(length * 0.3));
  const start = random.int(0, length - size);
  return { start, end: start + size };
}

/** Per window: 1 inside the anomaly, 0 outside; weight 0 where the anomaly only grazes the window. */
function labelWindows(length, span, kind) {
  const count = Math.ceil(length / WINDOW);
  const labels = new Float32Array(count);
  const weights = new Float32Array(count).fill(1);
  if (!span) return { labels, weights };
  // the faint ends of a drift do not count: the middle two thirds are the anomaly
  const trim = kind === 'drift' ? Math.round((span.end - span.start) / 6) : 0;
  for (let k = 0; k < count; k++) {
    const overlap = Math.min(span.end, (k + 1) * WINDOW) - Math.max(span.start, k * WINDOW);
    if (overlap <= 0) continue;
    const inner = Math.min(span.end - trim, (k + 1) * WINDOW) - Math.max(span.start + trim, k * WINDOW);
    if (inner >= SPANS[kind].hit) labels[k] = 1;
    else weights[k] = 0;
  }
  return { labels, weights };
}

/** A kind fits when three tenths of the series hold its shortest form. */
const fits = (kind, length) => SPANS[kind].low <= length * 0.3;

/**
 * Draws one series of `length` samples, half of them with one anomaly.
 * @param {{harder?: boolean, base?: string, kind?: string}} options
 */
export function drawSignal(random, length, { harder = false, kind: wanted } = {}) {
  let base = baseSignal(random, length);
  while (wanted && !ANOMALIES[base.kind].includes(wanted)) base = baseSignal(random, length);
  const kinds = ANOMALIES[base.kind].filter((kind) => fits(kind, length));
  const kind = wanted ?? (random.chance(0.55) ? random.pick(kinds) : undefined);
  const span = kind && spanIn(random, kind, length);
  const values = kind ? withAnomaly(random, base, span, kind, harder ? 0.7 : 1) : Float64Array.from(base.values());
  const gain = 10 ** random.between(-2, 3);
  const offset = random.between(-5, 5) * gain;
  const extra = harder ? base.sigma * 0.7 : 0;
  return {
    values: values.map((v) => (v + (extra ? random.normal() * extra : 0)) * gain + offset),
    base: base.kind,
    kind: kind ?? 'none',
    span,
    ...labelWindows(length, span, kind),
  };
}
