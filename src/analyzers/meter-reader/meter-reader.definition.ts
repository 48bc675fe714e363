import type { AnalyzerDefinition } from '../analyzer.js';
import { BOXES_SCHEMA, IMAGE_SIZE_SCHEMA, RECTANGLE_PROPERTIES, SCORE_SCHEMA } from '../box-schema.js';
import { PICTURE_LIMITS, pictureSchema, thresholdSchema } from '../image-input.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

/** More digits than any meter has; of more finds the surest are read. */
export const MAX_DIGITS = 12;

const DIGIT_SCHEMA = {
  type: 'object',
  properties: {
    digit: {
      anyOf: [{ type: 'integer', minimum: 0, maximum: 9 }, { type: 'null' }],
      description: 'Null when it cannot be read',
    },
    confidence: {
      ...SCORE_SCHEMA,
      description: 'The lower of both models: that it is a digit, and that it is this one',
    },
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

export const METER_READER: AnalyzerDefinition = {
  slug: 'meter-reader',
  version: '1.0.0',
  name: { ko: '계량기 판독', en: 'Meter reader' },
  description: {
    ko: '계량기나 표시창 사진에서 숫자의 위치를 찾고 하나씩 읽습니다.',
    en: 'Finds the digits on a picture of a meter or a display and reads them one by one.',
  },
  inputSchema: {
    type: 'object',
    properties: {
      image: pictureSchema('Picture of the meter, taken straight from the front; the number is level'),
      threshold: thresholdSchema('How sure the first model must be that there is a digit', DEFAULT_THRESHOLD),
    },
    required: ['image'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      text: {
        type: 'string',
        pattern: '^[0-9?]*$',
        description: 'The number, a question mark for a digit that cannot be read; empty when there is no digit',
      },
      confidence: { ...SCORE_SCHEMA, description: 'Confidence of the weakest digit, 0 when there is none' },
      digits: { type: 'array', maxItems: MAX_DIGITS, items: DIGIT_SCHEMA, description: 'From left to right' },
      boxes: BOXES_SCHEMA,
      truncated: {
        type: 'boolean',
        description: `True when more than ${MAX_DIGITS} digits were found: only the surest ones were read`,
      },
      image: IMAGE_SIZE_SCHEMA,
      threshold: SCORE_SCHEMA,
    },
    required: ['text', 'confidence', 'digits', 'boxes', 'truncated', 'image', 'threshold'],
    additionalProperties: false,
  },
  view: { renderer: 'image_boxes', labels: [{ id: '?', label: { ko: '읽을 수 없음', en: 'Unreadable' } }] },
  model: 'meter-net',
  limits: PICTURE_LIMITS,
  unit: 'image',
};
