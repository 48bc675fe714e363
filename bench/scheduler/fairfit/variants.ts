import type { FairFitOptions } from '../../../src/gpu-scheduler/fairfit/options.js';
import type { Variant } from '../peers/registry.js';
import { FairFitPolicy } from './fairfit-policy.js';
import { TwoWorkers } from './two-workers.js';

/** Undated work of one variant ages while the run is on, ms. */
const AGED_AT_MS = 5_000;

/** The product's scheduler, as it starts in production and in the set-ups that single questions need. */
export const FAIRFIT: Readonly<Record<string, readonly Variant[]>> = {
  fairfit: [
    {
      label: '',
      make: (s) => new FairFitPolicy(s, { costs: s.belief === 1 ? 'warmUp' : 'given' }),
    },
  ],
  'fairfit-true': [given({ learnCosts: false })],
  'fairfit-frozen': [given({ learnCosts: false })],
  'fairfit-no-hold': [given({ hold: false })],
  'fairfit-aging': [given({ undatedTargetMs: { interactive: AGED_AT_MS, standard: AGED_AT_MS, bulk: AGED_AT_MS } })],
  'fairfit-two-workers': [{ label: '', make: (s) => new TwoWorkers(s) }],
};

function given(options: Partial<FairFitOptions>): Variant {
  return { label: '', make: (s) => new FairFitPolicy(s, { costs: 'given', options }) };
}
