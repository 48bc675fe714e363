import { Injectable } from '@nestjs/common';
import type { OutputMap } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerResult,
  type FileReference,
  InputUnreadableError,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { probabilitiesOf } from '../output-tensor.js';
import { probability } from '../rounding.js';
import { downsample } from './downsample.js';
import { bucketFor, normalizeSignal, padMirrored, WINDOW } from './normalize.js';
import { MAX_SAMPLES, MIN_SAMPLES, SIGNAL_ANOMALY } from './signal-anomaly.definition.js';
import { parseSignalCsv } from './signal-csv.js';
import { DEFAULT_THRESHOLD } from './threshold.js';
import { decideSignal } from './windows.js';

/** Most points of the chart in a result. */
const CHART_POINTS = 1024;

/** Either `values` or `file` is given. */
export interface SignalInput {
  readonly values?: readonly number[];
  readonly file?: FileReference;
  readonly sampleRate?: number;
  readonly threshold?: number;
}

/** What `interpret` needs to know again: the series itself and the bucket that it was padded to. */
export interface SignalMemo {
  readonly values: readonly number[];
  readonly bucket: number;
}

/** Scores windows of a series: one float32 row [1, L, 1], scores [1, L/32, 1] back; L is the shape bucket. */
@Injectable()
export class SignalAnomalyAnalyzer extends Analyzer<SignalInput, SignalMemo> {
  readonly definition = SIGNAL_ANOMALY;

  async prepare(input: SignalInput, context: PrepareContext): Promise<Prepared<SignalMemo>> {
    const values = input.file ? parseSignalCsv(await context.text(input.file)) : (input.values ?? []);
    const bucket = bucketFor(values.length);
    if (values.length < MIN_SAMPLES || bucket === undefined) {
      throw new InputUnreadableError(
        `The series has ${values.length} samples; give ${MIN_SAMPLES} to ${MAX_SAMPLES} of them.`,
      );
    }
    const row = await context.floatRow(padMirrored(normalizeSignal(values), bucket));
    return {
      shapeBucket: String(bucket),
      tensors: { x: { type: 'float32', rowShape: [1, bucket, 1], rows: [row] } },
      memo: { values, bucket },
    };
  }

  interpret(outputs: OutputMap, { values, bucket }: SignalMemo, input: SignalInput): AnalyzerResult {
    const threshold = input.threshold ?? DEFAULT_THRESHOLD;
    const scores = probabilitiesOf(outputs, [1, bucket / WINDOW, 1]);
    const { verdict, score, windows } = decideSignal(scores, values.length, WINDOW, threshold);
    return {
      kind: 'series',
      data: {
        verdict,
        score: probability(score),
        threshold,
        windows: windows.map((window) => ({ ...window, score: probability(window.score) })),
        series: downsample(values, CHART_POINTS),
        samples: values.length,
        sampleRate: input.sampleRate ?? null,
      },
    };
  }
}
