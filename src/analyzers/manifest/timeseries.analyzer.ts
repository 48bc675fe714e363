import type { OutputMap } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  type FileReference,
  fileSchema,
  InputUnreadableError,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { SCORE_SCHEMA } from '../box-schema.js';
import { thresholdSchema } from '../image-input.js';
import { probability } from '../rounding.js';
import { downsample } from '../signal-anomaly/downsample.js';
import { normalizeSignal, padMirrored } from '../signal-anomaly/normalize.js';
import { parseSignalCsv } from '../signal-anomaly/signal-csv.js';
import { decideSignal } from '../signal-anomaly/windows.js';
import { activated } from './activation.js';
import type { ManifestOf } from './analyzer-manifest.js';
import { definitionOf } from './manifest-definition.js';
import { floatsOf } from './model-output.js';

type Manifest = ManifestOf<'timeseries'>;

/** Most points of the chart in a result. */
const CHART_POINTS = 1_024;

/** Either `values` or `file` is given. */
interface SeriesInput {
  readonly values?: readonly number[];
  readonly file?: FileReference;
  readonly sampleRate?: number;
  readonly threshold?: number;
}

/** A series of numbers in, one score for each stretch of it out. */
export class TimeseriesAnalyzer extends Analyzer<SeriesInput, readonly number[]> {
  readonly definition: AnalyzerDefinition;
  private readonly rowShape: readonly number[];
  private readonly length: number;

  constructor(private readonly manifest: Manifest) {
    super();
    this.rowShape = manifest.input.shape.slice(1).map(Number);
    this.length = this.rowShape.reduce((product, dim) => product * dim, 1);
    this.definition = definitionOf(manifest, {
      inputSchema: this.inputSchema(),
      output: outputSchema(),
      renderer: 'series',
      labels: ['normal', 'anomalous'],
      unit: 'signal',
    });
  }

  async prepare(input: SeriesInput, context: PrepareContext): Promise<Prepared<readonly number[]>> {
    const values = input.file ? parseSignalCsv(await context.text(input.file)) : (input.values ?? []);
    const { minSamples } = this.manifest.input;
    if (values.length < minSamples || values.length > this.length) {
      throw new InputUnreadableError(
        `The series has ${values.length} samples; give ${minSamples} to ${this.length} of them.`,
      );
    }
    const row = await context.floatRow(padMirrored(this.normalized(values), this.length));
    const { tensor } = this.manifest.input;
    return {
      shapeBucket: String(this.length),
      tensors: { [tensor]: { type: 'float32', rowShape: this.rowShape, rows: [row] } },
      memo: values,
    };
  }

  interpret(outputs: OutputMap, values: readonly number[], input: SeriesInput): AnalyzerResult {
    const { tensor, windows, activation, threshold: byDefault } = this.manifest.output;
    const threshold = input.threshold ?? byDefault;
    const scores = activated(floatsOf(outputs, tensor, windows), activation);
    const decision = decideSignal(scores, values.length, this.length / windows, threshold);
    return {
      kind: 'series',
      data: {
        verdict: decision.verdict,
        score: probability(decision.score),
        threshold,
        windows: decision.windows.map((window) => ({ ...window, score: probability(window.score) })),
        series: downsample(values, CHART_POINTS),
        samples: values.length,
        sampleRate: input.sampleRate ?? null,
      },
    };
  }

  private normalized(values: readonly number[]): Float32Array {
    const { normalization } = this.manifest.input;
    if (normalization === 'none') return Float32Array.from(values);
    if (normalization === 'robust') return normalizeSignal(values);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const deviation = Math.sqrt(variance) || 1;
    return Float32Array.from(values, (value) => (value - mean) / deviation);
  }

  private inputSchema(): AnalyzerDefinition['inputSchema'] {
    const { input, output, limits } = this.manifest;
    return {
      type: 'object',
      properties: {
        values: {
          type: 'array',
          description: 'The samples in order, evenly spaced',
          items: { type: 'number' },
          minItems: input.minSamples,
          maxItems: this.length,
        },
        file: fileSchema(
          { accept: ['text/csv', 'text/plain'], maxBytes: limits.maxFileBytes },
          'CSV file with one number per line, instead of values; with several columns, the one named value',
        ),
        sampleRate: { type: 'number', description: 'Samples per second, for the chart only', exclusiveMinimum: 0 },
        threshold: thresholdSchema('A window at or over this score makes the series anomalous', output.threshold),
      },
      oneOf: [{ required: ['values'] }, { required: ['file'] }],
      additionalProperties: false,
    };
  }
}

function outputSchema(): Record<string, unknown> {
  const integer = { type: 'integer', minimum: 0 };
  return {
    verdict: { enum: ['normal', 'anomalous'] },
    score: { ...SCORE_SCHEMA, description: 'The largest window score' },
    threshold: SCORE_SCHEMA,
    windows: {
      type: 'array',
      description: 'Every stretch in order; start is inclusive, end exclusive',
      items: {
        type: 'object',
        properties: { start: integer, end: integer, score: SCORE_SCHEMA },
        required: ['start', 'end', 'score'],
        additionalProperties: false,
      },
    },
    series: {
      type: 'array',
      description: 'The series for a chart as [sample index, value], thinned so that every peak stays',
      maxItems: CHART_POINTS,
      items: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'number' }], minItems: 2, items: false },
    },
    samples: integer,
    sampleRate: { anyOf: [{ type: 'number' }, { type: 'null' }] },
  };
}
