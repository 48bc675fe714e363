import { training } from './recipe.mjs';

export const SAMPLE_COUNT = training.steps * training.batchSize;

export const ABOUT = {
  analyzer: 'meter-reader',
  purpose:
    'Finds the digits of the one number on a grey picture of a meter or a display; digit-net of digit-reader then reads each of them.',
  measuredOn:
    'Drawn meters of 3 to 8 digits, 20 to 40 of 128 row pixels high, dark on light and light on dark, with frames, words, dials and bars beside the number, at 1 to 3 source pixels per row pixel; 6 % show no number. Figures are those of both models together, through the steps of the picture decoder.',
  harderSet: 'Fainter (60 %) and blurred digits, twice the tilt, more things beside the number, noise (170 %).',
  limits: [
    'One number of two digits or more per picture, in one line, level within about a degree.',
    'The row has 192x128 pixels: digits lower than 20 of them are often missed.',
    'Knows drawn stroke digits only: no seven-segment displays, no digits between two positions of a drum.',
    'No decimal point, sign or unit is read.',
  ],
};
