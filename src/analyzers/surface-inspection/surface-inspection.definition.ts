import type { AnalyzerDefinition } from '../analyzer.js';
import { BOXES_SCHEMA, IMAGE_SIZE_SCHEMA, SCORE_SCHEMA } from '../box-schema.js';
import { PICTURE_LIMITS, pictureSchema, thresholdSchema } from '../image-input.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

/** Classes of the model's last axis, in its order. */
export const CLASSES = ['ok', 'scratch', 'pit', 'stain', 'crack'] as const;

const HEATMAP_SCHEMA = {
  type: 'object',
  description: 'How unlike a clean surface each cell is, row by row',
  properties: {
    width: { type: 'integer' },
    height: { type: 'integer' },
    data: { type: 'array', items: SCORE_SCHEMA },
  },
  required: ['width', 'height', 'data'],
  additionalProperties: false,
};

export const SURFACE_INSPECTION: AnalyzerDefinition = {
  slug: 'surface-inspection',
  version: '1.0.0',
  name: { ko: '표면 검사', en: 'Surface inspection' },
  description: {
    ko: '평평한 표면 사진에서 긁힘, 패임, 얼룩, 균열을 찾아 위치를 표시합니다.',
    en: 'Finds scratches, pits, stains and cracks on a picture of a flat surface and marks where they are.',
  },
  inputSchema: {
    type: 'object',
    properties: {
      image: pictureSchema('Picture of the surface, taken straight from above'),
      threshold: thresholdSchema('How sure the model must be that a cell is defective', DEFAULT_THRESHOLD),
    },
    required: ['image'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      defectClass: { enum: CLASSES, description: 'The dominant defect, ok when there is none' },
      confidence: SCORE_SCHEMA,
      boxes: BOXES_SCHEMA,
      heatmap: HEATMAP_SCHEMA,
      image: IMAGE_SIZE_SCHEMA,
      threshold: SCORE_SCHEMA,
    },
    required: ['defectClass', 'confidence', 'boxes', 'heatmap', 'image', 'threshold'],
    additionalProperties: false,
  },
  view: {
    renderer: 'image_boxes',
    labels: [
      { id: 'ok', label: { ko: '정상', en: 'OK' } },
      { id: 'scratch', label: { ko: '긁힘', en: 'Scratch' } },
      { id: 'pit', label: { ko: '패임', en: 'Pit' } },
      { id: 'stain', label: { ko: '얼룩', en: 'Stain' } },
      { id: 'crack', label: { ko: '균열', en: 'Crack' } },
    ],
  },
  model: 'surface-net',
  limits: PICTURE_LIMITS,
  unit: 'image',
};
