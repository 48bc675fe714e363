import { type AnalyzerDefinition, fileSchema } from '../analyzer.js';
import { SCORE_SCHEMA } from '../box-schema.js';
import { thresholdSchema } from '../image-input.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

/** Shortest and longest series, in samples. */
export const MIN_SAMPLES = 64;
export const MAX_SAMPLES = 4096;

/** 4,096 numbers of 24 characters and some slack for other columns. */
const MAX_CSV_BYTES = 1_048_576;

const WINDOWS_SCHEMA = {
  type: 'array',
  description: 'Every stretch of 32 samples in order; start is inclusive, end exclusive',
  items: {
    type: 'object',
    properties: {
      start: { type: 'integer', minimum: 0 },
      end: { type: 'integer', minimum: 1 },
      score: SCORE_SCHEMA,
    },
    required: ['start', 'end', 'score'],
    additionalProperties: false,
  },
};

const SERIES_SCHEMA = {
  type: 'array',
  description: 'The series for a chart as [sample index, value], at most 1,024 points that keep every peak',
  maxItems: 1024,
  items: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'number' }], minItems: 2, items: false },
};

export const SIGNAL_ANOMALY: AnalyzerDefinition = {
  slug: 'signal-anomaly',
  version: '1.0.0',
  name: { ko: '신호 이상 탐지', en: 'Signal anomaly' },
  description: {
    ko: '한 채널의 측정값에서 튐, 단차, 표류, 끊김, 주파수 변화, 잡음 구간을 찾습니다.',
    en: 'Finds spikes, level shifts, drift, dropouts, frequency changes and noise bursts in a series of measurements.',
  },
  inputSchema: {
    type: 'object',
    properties: {
      values: {
        type: 'array',
        description: 'The samples in order, evenly spaced',
        items: { type: 'number' },
        minItems: MIN_SAMPLES,
        maxItems: MAX_SAMPLES,
      },
      file: fileSchema(
        { accept: ['text/csv', 'text/plain'], maxBytes: MAX_CSV_BYTES },
        'CSV file with one number per line, instead of values; with several columns, the one named value',
      ),
      sampleRate: { type: 'number', description: 'Samples per second, for the chart only', exclusiveMinimum: 0 },
      threshold: thresholdSchema('A window at or over this score makes the series anomalous', DEFAULT_THRESHOLD),
    },
    oneOf: [{ required: ['values'] }, { required: ['file'] }],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      verdict: { enum: ['normal', 'anomalous'] },
      score: { ...SCORE_SCHEMA, description: 'The largest window score' },
      threshold: SCORE_SCHEMA,
      windows: WINDOWS_SCHEMA,
      series: SERIES_SCHEMA,
      samples: { type: 'integer', minimum: MIN_SAMPLES, maximum: MAX_SAMPLES },
      sampleRate: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    },
    required: ['verdict', 'score', 'threshold', 'windows', 'series', 'samples', 'sampleRate'],
    additionalProperties: false,
  },
  view: {
    renderer: 'series',
    labels: [
      { id: 'normal', label: { ko: '정상', en: 'Normal' } },
      { id: 'anomalous', label: { ko: '이상', en: 'Anomalous' } },
    ],
  },
  model: 'signal-net',
  limits: { maxInputBytes: MAX_CSV_BYTES, maxDurationMs: 30_000 },
  unit: 'signal',
};
