import type { ImageGeometry } from '../../inference/image-row-spec.js';
import type { OutputMap } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { IMAGE_SIZE_SCHEMA, SCORE_SCHEMA } from '../box-schema.js';
import { type ImageInput, thresholdSchema } from '../image-input.js';
import { probability } from '../rounding.js';
import { activated } from './activation.js';
import type { ManifestOf } from './analyzer-manifest.js';
import { definitionOf } from './manifest-definition.js';
import { manifestPictureSchema, preparePicture } from './manifest-picture.js';
import { floatsOf } from './model-output.js';

type Manifest = ManifestOf<'image-classifier'>;

const PREDICTIONS_SCHEMA = {
  type: 'array',
  description: 'The most likely classes, best first',
  items: {
    type: 'object',
    properties: { label: { type: 'string' }, score: SCORE_SCHEMA },
    required: ['label', 'score'],
    additionalProperties: false,
  },
};

/** One picture in, the most likely classes out. */
export class ImageClassifierAnalyzer extends Analyzer<ImageInput, ImageGeometry> {
  readonly definition: AnalyzerDefinition;

  constructor(private readonly manifest: Manifest) {
    super();
    const { labels, threshold } = manifest.output;
    this.definition = definitionOf(manifest, {
      inputSchema: {
        type: 'object',
        properties: {
          image: manifestPictureSchema(manifest),
          threshold: thresholdSchema('Classes below this score are left out', threshold),
        },
        required: ['image'],
        additionalProperties: false,
      },
      output: {
        label: {
          anyOf: [{ enum: labels }, { type: 'null' }],
          description: 'The best class, null when none reaches the threshold',
        },
        confidence: SCORE_SCHEMA,
        predictions: PREDICTIONS_SCHEMA,
        threshold: SCORE_SCHEMA,
        image: IMAGE_SIZE_SCHEMA,
      },
      renderer: 'table',
      labels,
      unit: 'image',
    });
  }

  prepare(input: ImageInput, context: PrepareContext): Promise<Prepared<ImageGeometry>> {
    return preparePicture(this.manifest.input, input, context);
  }

  interpret(outputs: OutputMap, geometry: ImageGeometry, input: ImageInput): AnalyzerResult {
    const { tensor, activation, labels, topK, threshold: byDefault } = this.manifest.output;
    const threshold = input.threshold ?? byDefault;
    const scores = activated(floatsOf(outputs, tensor, labels.length), activation);
    const predictions = labels
      .map((label, i) => ({ label, score: probability(scores[i] ?? 0) }))
      .sort((a, b) => b.score - a.score);
    const kept = predictions.filter(({ score }) => score >= threshold).slice(0, topK);
    return {
      kind: 'table',
      data: {
        label: kept[0]?.label ?? null,
        confidence: predictions[0]?.score ?? 0,
        predictions: kept,
        threshold,
        image: { width: geometry.sourceWidth, height: geometry.sourceHeight },
      },
    };
  }
}
