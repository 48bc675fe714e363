import type { ExpectedTensor } from '../../inference/admission/match-signature.js';
import type { AnalyzerManifest, ManifestOf } from './analyzer-manifest.js';
import type { ImageInputSpec } from './manifest-parts.js';

/** The tensors that a manifest promises; admission compares them with those of the files. */
export function expectedTensors(manifest: AnalyzerManifest): {
  readonly inputs: readonly ExpectedTensor[];
  readonly outputs: readonly ExpectedTensor[];
} {
  switch (manifest.kind) {
    case 'image-classifier': {
      const { tensor, labels } = manifest.output;
      return {
        inputs: [imageTensor(manifest.input)],
        outputs: [{ name: tensor, type: 'float32', rowShape: [labels.length] }],
      };
    }
    case 'image-detector':
      return { inputs: [imageTensor(manifest.input)], outputs: detectorOutputs(manifest.output) };
    case 'timeseries': {
      const { input, output } = manifest;
      const rowShape = input.shape.slice(1).map(Number);
      const range = input.normalization === 'none' ? { minimum: -1e3, maximum: 1e3 } : { minimum: -8, maximum: 8 };
      return {
        inputs: [{ name: input.tensor, type: 'float32', rowShape, ...range }],
        outputs: [{ name: output.tensor, type: 'float32', rowElements: output.windows }],
      };
    }
    case 'tensor':
      return {
        inputs: manifest.inputs.map(({ tensor, type, shape, minimum, maximum }) => ({
          name: tensor,
          type,
          rowShape: shape.slice(1).map(Number),
          ...(minimum === undefined ? {} : { minimum }),
          ...(maximum === undefined ? {} : { maximum }),
        })),
        outputs: manifest.outputs.map(({ tensor, type, shape }) => ({
          name: tensor,
          type,
          rowShape: shape.slice(1).map(Number),
        })),
      };
  }
}

function imageTensor({ tensor, type, layout, width, height, channels, normalization }: ImageInputSpec): ExpectedTensor {
  const rowShape = layout === 'NHWC' ? [height, width, channels] : [channels, height, width];
  if (type === 'uint8') return { name: tensor, type, rowShape, minimum: 0, maximum: 255 };
  const values = Array.from({ length: channels }, (_, channel) => normalizedRange(normalization, channel)).flat();
  return { name: tensor, type, rowShape, minimum: Math.min(...values), maximum: Math.max(...values) };
}

/** What black and white become in this channel. */
function normalizedRange(normalization: ImageInputSpec['normalization'], channel: number): number[] {
  const { scale = 1, mean = [0], std = [1] } = normalization ?? {};
  return [0, 255].map((value) => (value * scale - (mean[channel] ?? mean[0] ?? 0)) / (std[channel] ?? std[0] ?? 1));
}

function detectorOutputs(output: ManifestOf<'image-detector'>['output']): ExpectedTensor[] {
  const { boxes, scores, classes, candidates, labels } = output;
  const found: ExpectedTensor[] = [{ name: boxes, type: 'float32', rowShape: [candidates, 4] }];
  if (!classes) return [...found, { name: scores, type: 'float32', rowShape: [candidates, labels.length] }];
  return [
    ...found,
    { name: scores, type: 'float32', rowShape: [candidates] },
    { name: classes, type: null, rowShape: [candidates] },
  ];
}
