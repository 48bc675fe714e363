import type { ImageGeometry } from '../../inference/image-row-spec.js';
import type { OutputMap } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { BOXES_SCHEMA, IMAGE_SIZE_SCHEMA, type Rectangle, SCORE_SCHEMA, toSource } from '../box-schema.js';
import { type ImageInput, thresholdSchema } from '../image-input.js';
import { probability } from '../rounding.js';
import { activated } from './activation.js';
import type { ManifestOf } from './analyzer-manifest.js';
import { definitionOf } from './manifest-definition.js';
import { manifestPictureSchema, preparePicture } from './manifest-picture.js';
import { floatsOf, outputOf } from './model-output.js';
import { type Candidate, withoutOverlaps } from './overlap.js';

type Manifest = ManifestOf<'image-detector'>;

/** One picture in, labeled boxes in source pixels out. */
export class ImageDetectorAnalyzer extends Analyzer<ImageInput, ImageGeometry> {
  readonly definition: AnalyzerDefinition;

  constructor(private readonly manifest: Manifest) {
    super();
    const { labels, threshold } = manifest.output;
    this.definition = definitionOf(manifest, {
      inputSchema: {
        type: 'object',
        properties: {
          image: manifestPictureSchema(manifest),
          threshold: thresholdSchema('Boxes below this score are left out', threshold),
        },
        required: ['image'],
        additionalProperties: false,
      },
      output: {
        boxes: BOXES_SCHEMA,
        count: { type: 'integer', minimum: 0 },
        threshold: SCORE_SCHEMA,
        image: IMAGE_SIZE_SCHEMA,
      },
      renderer: 'image_boxes',
      labels,
      unit: 'image',
    });
  }

  prepare(input: ImageInput, context: PrepareContext): Promise<Prepared<ImageGeometry>> {
    return preparePicture(this.manifest.input, input, context);
  }

  interpret(outputs: OutputMap, geometry: ImageGeometry, input: ImageInput): AnalyzerResult {
    const { labels, overlap, maxBoxes, threshold: byDefault } = this.manifest.output;
    const threshold = input.threshold ?? byDefault;
    const kept = withoutOverlaps(this.candidates(outputs, threshold), overlap, maxBoxes);
    const boxes = kept.map(({ label, score, ...box }) => ({
      ...toSource(box, geometry),
      label: labels[label] ?? '',
      score: probability(score),
    }));
    const image = { width: geometry.sourceWidth, height: geometry.sourceHeight };
    return { kind: 'image_boxes', data: { boxes, count: boxes.length, threshold, image } };
  }

  private candidates(outputs: OutputMap, threshold: number): Candidate[] {
    const { boxes, candidates, labels, classes } = this.manifest.output;
    const corners = floatsOf(outputs, boxes, candidates * 4);
    const classOf = classes ? outputOf(outputs, classes).data : null;
    const found: Candidate[] = [];
    const scores = this.scores(outputs, classOf ? candidates : candidates * labels.length);
    for (let i = 0; i < candidates; i++) {
      const [label, score] = classOf
        ? [Number(classOf[i]), scores[i] ?? 0]
        : best(scores, i * labels.length, labels.length);
      if (score < threshold || !labels[label]) continue;
      const box = this.rectangle(corners.subarray(i * 4, i * 4 + 4));
      if (box.width > 0 && box.height > 0) found.push({ ...box, label, score });
    }
    return found;
  }

  private scores(outputs: OutputMap, count: number): Float32Array {
    const { scores, activation } = this.manifest.output;
    return activated(floatsOf(outputs, scores, count), activation);
  }

  /** In pixels of the row. */
  private rectangle([a = 0, b = 0, c = 0, d = 0]: ArrayLike<number> & Iterable<number>): Rectangle {
    const { input, output } = this.manifest;
    const [sx, sy] = output.units === 'relative' ? [input.width, input.height] : [1, 1];
    if (output.format === 'xyxy') return { x: a * sx, y: b * sy, width: (c - a) * sx, height: (d - b) * sy };
    const [x, y] = output.format === 'xywh' ? [a, b] : [a - c / 2, b - d / 2];
    return { x: x * sx, y: y * sy, width: c * sx, height: d * sy };
  }
}

/** Index and value of the largest of `count` scores from `first` on. */
function best(scores: Float32Array, first: number, count: number): [number, number] {
  let at = 0;
  for (let i = 1; i < count; i++) if ((scores[first + i] ?? 0) > (scores[first + at] ?? 0)) at = i;
  return [at, scores[first + at] ?? 0];
}
