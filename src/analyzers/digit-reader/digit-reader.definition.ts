import type { AnalyzerDefinition } from '../analyzer.js';
import { BOXES_SCHEMA, IMAGE_SIZE_SCHEMA, RECTANGLE_PROPERTIES, SCORE_SCHEMA } from '../box-schema.js';
import { PICTURE_LIMITS, pictureSchema, thresholdSchema } from '../image-input.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

const DIGIT_SCHEMA = {
  type: 'object',
  properties: {
    digit: { type: 'integer', minimum: 0, maximum: 9 },
    confidence: SCORE_SCHEMA,
    box: {
      type: 'object',
      properties: RECTANGLE_PROPERTIES,
      required: ['x', 'y', 'width', 'height'],
      additionalProperties: false,
    },
  },
  required: ['digit', 'confidence', 'box'],
  additionalProperties: false,
};

export const DIGIT_READER: AnalyzerDefinition = {
  slug: 'digit-reader',
  version: '1.0.0',
  name: { ko: '숫자 판독', en: 'Digit reader' },
  description: {
    ko: '한 줄로 적힌 인쇄체 또는 손글씨 숫자를 읽습니다.',
    en: 'Reads one line of printed or hand-written digits.',
  },
  inputSchema: {
    type: 'object',
    properties: {
      image: pictureSchema('Picture of one line of digits that fills most of the height'),
      threshold: thresholdSchema('Digits below this confidence are left out', DEFAULT_THRESHOLD),
    },
    required: ['image'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      text: {
        type: 'string',
        pattern: '^[0-9]*$',
        description: 'The digits from left to right, empty when there is none',
      },
      confidence: { ...SCORE_SCHEMA, description: 'Confidence of the weakest digit, 0 when there is none' },
      digits: { type: 'array', items: DIGIT_SCHEMA },
      boxes: BOXES_SCHEMA,
      image: IMAGE_SIZE_SCHEMA,
      threshold: SCORE_SCHEMA,
    },
    required: ['text', 'confidence', 'digits', 'boxes', 'image', 'threshold'],
    additionalProperties: false,
  },
  view: { renderer: 'image_boxes', labels: [] },
  model: 'digit-net',
  limits: PICTURE_LIMITS,
  unit: 'image',
};
