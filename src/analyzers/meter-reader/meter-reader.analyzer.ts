import { Injectable } from '@nestjs/common';
import type { ImageGeometry } from '../../inference/image-row-spec.js';
import type { OutputMap } from '../../inference/tensor.js';
import type { AnalyzerResult, PrepareContext, Prepared } from '../analyzer.js';
import { toSource } from '../box-schema.js';
import { ChainAnalyzer, type ChainStep } from '../chain-analyzer.js';
import { DIGIT_CLASSES } from '../digit-reader/runs.js';
import type { ImageInput } from '../image-input.js';
import { probabilitiesOf } from '../output-tensor.js';
import { probability } from '../rounding.js';
import { strongest } from '../strongest.js';
import { cropsOf, type DigitBox, findDigits, GRID, ROW } from './digit-boxes.js';
import { MAX_DIGITS, METER_READER } from './meter-reader.definition.js';
import { COLUMNS, readDigit } from './read-digit.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

/** The row of digit-net: its jobs and the crops of this analyzer share a lane. */
const CROP = { mode: 'line', width: 192, height: 32, channels: 1 } as const;

interface MeterMemo {
  readonly geometry: ImageGeometry;
  /** From left to right, in row pixels. */
  readonly digits: readonly DigitBox[];
  readonly truncated: boolean;
}

/**
 * Reads the number of a meter with two models: one uint8 row [128, 192, 1] through meter-net, probabilities [32, 48, 1] of
 * digits back; then one row [32, 192, 1] for each digit through digit-net.
 */
@Injectable()
export class MeterReaderAnalyzer extends ChainAnalyzer<ImageInput, MeterMemo> {
  readonly definition = METER_READER;
  readonly steps: readonly ChainStep<ImageInput, MeterMemo>[] = [
    { model: 'digit-net', maxRows: MAX_DIGITS, prepare: prepareCrops },
  ];

  async prepare(input: ImageInput, context: PrepareContext): Promise<Prepared<MeterMemo>> {
    const { row, geometry } = await context.imageRow(input.image, { mode: 'contain', ...ROW, channels: 1 });
    return {
      shapeBucket: `${ROW.width}x${ROW.height}`,
      tensors: { x: { type: 'uint8', rowShape: [ROW.height, ROW.width, 1], rows: [row] } },
      memo: { geometry, digits: [], truncated: false },
    };
  }

  interpret(outputs: OutputMap, { geometry, digits, truncated }: MeterMemo, input: ImageInput): AnalyzerResult {
    const rowDims = [1, COLUMNS, DIGIT_CLASSES];
    const probabilities = digits.length > 0 ? probabilitiesOf(outputs, rowDims, digits.length) : new Float32Array();
    const read = digits.map((found, i) => {
      const { digit, confidence } = readDigit(probabilities, i) ?? { digit: null, confidence: 0 };
      return { digit, confidence: probability(Math.min(confidence, found.score)), box: toSource(found, geometry) };
    });
    const labelOf = (digit: number | null) => (digit === null ? '?' : String(digit));
    return {
      kind: 'image_boxes',
      data: {
        text: read.map(({ digit }) => labelOf(digit)).join(''),
        confidence: read.length > 0 ? Math.min(...read.map(({ confidence }) => confidence)) : 0,
        digits: read,
        boxes: read.map(({ digit, confidence, box }) => ({ ...box, label: labelOf(digit), score: confidence })),
        truncated,
        image: { width: geometry.sourceWidth, height: geometry.sourceHeight },
        threshold: input.threshold ?? DEFAULT_THRESHOLD,
      },
    };
  }
}

/** Cuts the digits out of the picture itself, not out of the small row in which they were found. */
async function prepareCrops(
  outputs: OutputMap,
  { geometry }: MeterMemo,
  input: ImageInput,
  context: PrepareContext,
): Promise<Prepared<MeterMemo>> {
  const found = findDigits(
    probabilitiesOf(outputs, [GRID.height, GRID.width, 1]),
    input.threshold ?? DEFAULT_THRESHOLD,
  );
  const { kept: digits, truncated } = strongest(found, MAX_DIGITS);
  const crops = await context.imageRows(
    input.image,
    cropsOf(digits).map((crop) => ({ ...CROP, region: toSource(crop, geometry) })),
  );
  const rows = crops.map(({ row }) => row);
  return {
    shapeBucket: `${CROP.width}x${CROP.height}`,
    tensors: { x: { type: 'uint8', rowShape: [CROP.height, CROP.width, 1], rows } },
    memo: { geometry, digits, truncated },
  };
}
