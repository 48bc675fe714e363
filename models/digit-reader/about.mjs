import { training } from './recipe.mjs';

export const SAMPLE_COUNT = training.steps * training.batchSize;

export const ABOUT = {
  analyzer: 'digit-reader',
  purpose: 'Reads one line of digits, printed-like or hand-like, from a grey picture.',
  measuredOn:
    'Lines of 4 to 8 digits, 28 to 160 pixels high, one in ten light on dark, through the steps of the picture decoder.',
  harderSet: 'Unsteadier hand (150 %), stronger slant and tilt, thicker and blurred pens, fainter ink, noise (175 %).',
  limits: [
    'One line only, drawn with up to 10 digits; longer lines are not tried.',
    'Knows drawn stroke digits only: no letters, punctuation, frames, underlines or decorative typefaces.',
    'The line must fill most of the picture height and be tilted by no more than a few degrees.',
  ],
};
