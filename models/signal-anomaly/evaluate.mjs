import { BUCKETS, normalizeSignal, padMirrored, WINDOW } from '../../src/analyzers/signal-anomaly/normalize.ts';
import { decideSignal } from '../../src/analyzers/signal-anomaly/windows.ts';
import { bestOf, rocAuc, share } from '../training/scores.mjs';
import { drawSignal } from './data.mjs';

export const ROW_SHAPE = [1, null, 1];
export const ROW_TYPE = 'float32';

/** Draws `count` series, a third in each bucket. */
export async function drawSamples(random, count, harder) {
  return Array.from({ length: count }, (_, n) => {
    const turn = n % BUCKETS.length;
    const length = random.int(turn ? BUCKETS[turn - 1] + 1 : 64, BUCKETS[turn]);
    const { values, ...truth } = drawSignal(random, length, { harder });
    return { row: padMirrored(normalizeSignal(values), BUCKETS[turn]), length, ...truth };
  });
}

function seriesFigures(all) {
  const kinds = Object.groupBy(all, ({ sample }) => sample.kind);
  return Object.fromEntries(
    Object.entries(kinds).sort().map(([kind, list]) => {
      const flagged = list.filter(({ decision }) => decision.verdict === 'anomalous').length;
      const right = kind === 'none' ? list.length - flagged : flagged;
      return [kind, { series: list.length, accuracy: share(right, list.length) }];
    }), // prettier-ignore
  );
}

/** The figures of the decisions at one threshold. Windows that an anomaly only grazes are left out. */
export function figures(samples, outputs, threshold) {
  const all = samples.map((sample, n) => ({
    sample,
    decision: decideSignal(outputs[n], sample.length, WINDOW, threshold),
  }));
  const pairs = all.flatMap(({ sample, decision }) =>
    decision.windows
      .map(({ score }, k) => ({ score, label: sample.labels[k], counts: sample.weights[k] > 0 }))
      .filter((pair) => pair.counts),
  );
  const hits = pairs.filter((pair) => pair.label);
  const normal = pairs.filter((pair) => !pair.label);
  const over = (list) => list.filter((pair) => pair.score >= threshold).length;
  const perClass = seriesFigures(all);
  const right = all.filter(({ sample, decision }) => (decision.verdict === 'anomalous') === (sample.kind !== 'none'));
  return {
    windowAuc: rocAuc(pairs),
    falseAlarmRate: share(over(normal), normal.length),
    windowRecall: share(over(hits), hits.length),
    seriesAccuracy: share(right.length, all.length),
    perClass,
  };
}

export const THRESHOLD_RULE =
  'highest share of right verdicts on the validation stream with at most 0.5 % false alarms, steps of 0.01, the middle of equal ones';

export function suggestThreshold(samples, outputs) {
  const candidates = Array.from({ length: 69 }, (_, k) => (30 + k) / 100);
  return bestOf(candidates, (threshold) => {
    const { falseAlarmRate, seriesAccuracy } = figures(samples, outputs, threshold);
    return falseAlarmRate <= 0.005 ? seriesAccuracy : -falseAlarmRate;
  });
}

export const TARGETS = [
  { name: 'windowAuc', atLeast: 0.97 },
  { name: 'falseAlarmRate', atMost: 0.01 },
];
