import { BUCKETS } from '../../src/analyzers/signal-anomaly/normalize.ts';
import { training } from './recipe.mjs';

/** Series per eight steps: five batches of the middle bucket, two of the short one, one of the long one. */
const [short, middle, long] = BUCKETS.map((size) => training.batchSize / size);
export const SAMPLE_COUNT = (training.steps / 8) * (5 * middle + 2 * short + long);

export const ABOUT = {
  analyzer: 'signal-anomaly',
  purpose:
    'Scores windows of 32 samples of one series: spike, level shift, drift, dropout, frequency change, noise burst.',
  measuredOn:
    'Series of 64 to 4,096 samples (sines, plateaus, mean-reverting walks), a third in each bucket, about half with one anomaly. Windows that an anomaly only grazes and the faint ends of a drift are not counted.',
  harderSet: 'Fainter anomalies (70 %) and more noise.',
  limits: [
    'Judges a series against itself: what is unusual throughout the series is not found.',
    'Sees about 250 samples around a window; slower changes are not found.',
    'One channel, evenly sampled; the sample rate is not used.',
  ],
};
