import type { ImageGeometry, ImageRowSpec } from '../../inference/image-row-spec.js';
import { fileSchema, type JsonSchema, type PrepareContext, type Prepared } from '../analyzer.js';
import type { ImageInput } from '../image-input.js';
import type { AnalyzerManifest } from './analyzer-manifest.js';
import type { ImageInputSpec } from './manifest-parts.js';

const MAX_PIXELS = 24_000_000;

/** The input field of a picture. */
export function manifestPictureSchema({ limits }: AnalyzerManifest): JsonSchema {
  const accept = ['image/jpeg', 'image/png', 'image/webp'];
  return fileSchema({ accept, maxBytes: limits.maxFileBytes, maxPixels: MAX_PIXELS }, 'The picture');
}

/** Turns the picture of a job into the row that the manifest describes. */
export async function preparePicture(
  spec: ImageInputSpec,
  input: ImageInput,
  context: PrepareContext,
): Promise<Prepared<ImageGeometry>> {
  const { row, geometry } = await context.imageRow(input.image, rowSpecOf(spec));
  const { tensor, type, layout, width, height, channels } = spec;
  const rowShape = layout === 'NHWC' ? [height, width, channels] : [channels, height, width];
  return { shapeBucket: rowShape.join('x'), tensors: { [tensor]: { type, rowShape, rows: [row] } }, memo: geometry };
}

function rowSpecOf({ fit, width, height, channels, type, layout, normalization }: ImageInputSpec): ImageRowSpec {
  const spec = { mode: fit, width, height, channels };
  if (type === 'uint8') return spec;
  const { scale = 1, mean = [0], std = [1] } = normalization ?? {};
  return { ...spec, float: { layout, scale, mean, std } };
}
