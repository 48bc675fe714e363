import { Injectable } from '@nestjs/common';
import type { ImageGeometry } from '../../inference/image-row-spec.js';
import type { OutputMap } from '../../inference/tensor.js';
import { Analyzer, type AnalyzerResult, type PrepareContext, type Prepared } from '../analyzer.js';
import { toSource } from '../box-schema.js';
import type { ImageInput } from '../image-input.js';
import { probabilitiesOf } from '../output-tensor.js';
import { probability } from '../rounding.js';
import { type CellBox, decideSurface } from './boxes.js';
import { CLASSES, SURFACE_INSPECTION } from './surface-inspection.definition.js';
import { DEFAULT_THRESHOLD } from './threshold.js';

/** Row edge in pixels; each cell of the answer covers 8 x 8 of them. */
const SIZE = 128;
const CELL = 8;
const GRID = { width: SIZE / CELL, height: SIZE / CELL, classes: CLASSES.length };

/** Finds defects on a picture of a surface: one uint8 row [128, 128, 1], class probabilities [16, 16, 5] back. */
@Injectable()
export class SurfaceInspectionAnalyzer extends Analyzer<ImageInput, ImageGeometry> {
  readonly definition = SURFACE_INSPECTION;

  async prepare(input: ImageInput, context: PrepareContext): Promise<Prepared<ImageGeometry>> {
    const spec = { mode: 'fill', width: SIZE, height: SIZE, channels: 1 } as const;
    const { row, geometry } = await context.imageRow(input.image, spec);
    return {
      shapeBucket: `${SIZE}x${SIZE}`,
      tensors: { x: { type: 'uint8', rowShape: [SIZE, SIZE, 1], rows: [row] } },
      memo: geometry,
    };
  }

  interpret(outputs: OutputMap, geometry: ImageGeometry, input: ImageInput): AnalyzerResult {
    const threshold = input.threshold ?? DEFAULT_THRESHOLD;
    const probabilities = probabilitiesOf(outputs, [GRID.height, GRID.width, GRID.classes]);
    const { label, confidence, boxes, heat } = decideSurface(probabilities, GRID, threshold);
    return {
      kind: 'image_boxes',
      data: {
        defectClass: CLASSES[label],
        confidence: probability(confidence),
        boxes: boxes.map((box) => toResultBox(box, geometry)),
        heatmap: { width: GRID.width, height: GRID.height, data: Array.from(heat, probability) },
        image: { width: geometry.sourceWidth, height: geometry.sourceHeight },
        threshold,
      },
    };
  }
}

function toResultBox({ x, y, width, height, label, score }: CellBox, geometry: ImageGeometry) {
  const inRow = { x: x * CELL, y: y * CELL, width: width * CELL, height: height * CELL };
  return { ...toSource(inRow, geometry), label: CLASSES[label], score: probability(score) };
}
