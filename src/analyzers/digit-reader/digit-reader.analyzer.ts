import { Injectable } from '@nestjs/common';
import type { ImageGeometry } from '../../inference/image-row-spec.js';
import type { OutputMap } from '../../inference/tensor.js';
import { Analyzer, type AnalyzerResult, type PrepareContext, type Prepared } from '../analyzer.js';
import { type Rectangle, toSource } from '../box-schema.js';
import type { ImageInput } from '../image-input.js';
import { probabilitiesOf } from '../output-tensor.js';
import { probability } from '../rounding.js';
import { DIGIT_READER } from './digit-reader.definition.js';
import { DIGIT_CLASSES, type DigitRun, readRuns } from './runs.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

/** Row size in pixels; each column of the answer covers 4 of them. */
const WIDTH = 192;
const HEIGHT = 32;
const STEP = 4;
const COLUMNS = WIDTH / STEP;

/** Reads one line of digits: one uint8 row [32, 192, 1], class probabilities [1, 48, 11] back. */
@Injectable()
export class DigitReaderAnalyzer extends Analyzer<ImageInput, ImageGeometry> {
  readonly definition = DIGIT_READER;

  async prepare(input: ImageInput, context: PrepareContext): Promise<Prepared<ImageGeometry>> {
    const spec = { mode: 'line', width: WIDTH, height: HEIGHT, channels: 1 } as const;
    const { row, geometry } = await context.imageRow(input.image, spec);
    return {
      shapeBucket: `${WIDTH}x${HEIGHT}`,
      tensors: { x: { type: 'uint8', rowShape: [HEIGHT, WIDTH, 1], rows: [row] } },
      memo: geometry,
    };
  }

  interpret(outputs: OutputMap, geometry: ImageGeometry, input: ImageInput): AnalyzerResult {
    const threshold = input.threshold ?? DEFAULT_THRESHOLD;
    const runs = readRuns(probabilitiesOf(outputs, [1, COLUMNS, DIGIT_CLASSES]), COLUMNS, threshold);
    const digits = runs.map((run) => ({
      digit: run.digit,
      confidence: probability(run.confidence),
      box: toSource(boxOf(run), geometry),
    }));
    return {
      kind: 'image_boxes',
      data: {
        text: digits.map(({ digit }) => digit).join(''),
        confidence: digits.length ? Math.min(...digits.map(({ confidence }) => confidence)) : 0,
        digits,
        boxes: digits.map(({ digit, confidence, box }) => ({ ...box, label: String(digit), score: confidence })),
        image: { width: geometry.sourceWidth, height: geometry.sourceHeight },
        threshold,
      },
    };
  }
}

/** The model marks the middle half of a digit, so the box is half a run wider on both sides; it spans the line's height. */
function boxOf({ from, to }: DigitRun): Rectangle {
  const columns = to - from;
  return { x: (from - columns / 2) * STEP, y: 0, width: columns * 2 * STEP, height: HEIGHT };
}
