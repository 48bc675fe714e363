import fs from 'node:fs';
import { z } from 'zod';

const tensor = z.strictObject({
  name: z.string().min(1),
  type: z.enum(['float32', 'float64', 'uint8', 'int8', 'int32', 'int64', 'bool']),
  /** Numbers are fixed, strings symbolic; axis 0 is the batch. */
  shape: z.array(z.union([z.int().positive(), z.string().min(1)])).min(1),
});

const manifest = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  version: z.string().min(1).max(64),
  runtime: z.literal('onnx'),
  file: z.string().regex(/^[A-Za-z0-9._-]{1,120}$/),
  maxBatchSize: z.int().min(1).max(1024),
  input: tensor,
  output: tensor,
  /** The same weights as a TensorFlow.js model; both artefacts give the same outputs within the tolerance of docs/inference.md. */
  tensorflow: z
    .strictObject({
      file: z.string().regex(/^tfjs\/model\.json$/),
      weights: z.array(z.string().regex(/^tfjs\/[A-Za-z0-9._-]{1,120}$/)),
      /** What rows of uint8 are multiplied by; left out where the input is float32 anyway. */
      inputScale: z.number().positive().optional(),
    })
    .optional(),
  /** Copies on devices that cannot hold every model. */
  residency: z
    .strictObject({
      pinned: z.boolean().optional(),
      minCopies: z.int().min(0).optional(),
      maxCopies: z.int().min(1).optional(),
    })
    .optional(),
  /** Device memory of a loaded copy at its highest, bytes. */
  peakBytes: z.int().positive().optional(),
  buckets: z.strictObject({ axis: z.int().min(1), sizes: z.array(z.int().positive()).min(1) }).nullable(),
});

/** `manifest.json` of a shipped model. */
export type ModelManifest = z.infer<typeof manifest>;

/** Reads a manifest. Throws an Error that names the file and every fault. */
export function readModelManifest(file: string): ModelManifest {
  const parsed = manifest.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a model manifest:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
