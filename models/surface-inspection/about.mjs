import { training } from './recipe.mjs';

export const SAMPLE_COUNT = training.steps * training.batchSize;

export const ABOUT = {
  analyzer: 'surface-inspection',
  purpose: 'Marks scratches, pits, stains and cracks on a grey picture of a flat surface, per cell of 8x8 row pixels.',
  measuredOn:
    'Half of the pictures are drawn at 128x128, half at 320x240 to 800x600 and scaled down. Truth boxes are the smallest boxes of whole cells; a box is found when a box of the same class overlaps it with IoU 0.3 or more. The class of a picture with two kinds of defects is the one that covers more cells.',
  harderSet: 'Fainter defects (75 %), stronger texture (150 %) and noise (155 %).',
  limits: [
    'Sees 128x128 pixels: a line thinner than about 1/200 of the picture may vanish when it is scaled down.',
    'Boxes lie on a grid of 16x16 cells; touching defects become one box.',
    'Knows drawn metal-like textures only: no edges of parts, holes, reflections, text or fabric.',
  ],
};
