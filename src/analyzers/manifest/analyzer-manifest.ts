import { z } from 'zod';
import type { FieldError } from '../../common/domain-error.js';
import { batchShape, imageInput, labels, localized, probability, tensorName, tensorType } from './manifest-parts.js';

/** Largest picture or text that a job of such an analyzer may bring: what multipart readers keep in memory. */
const MAX_FILE_BYTES = 10 * 2 ** 20;
const MAX_BATCH = 1_024;
const MAX_DEADLINE_MS = 30_000;
const MAX_BOXES = 300;
const MAX_SAMPLES = 65_536;

const artifact = z.strictObject({
  runtime: z.enum(['onnx', 'tensorflow']),
  files: z
    .array(z.string().regex(/^(?!\.)[A-Za-z0-9._-]{1,120}$/))
    .min(1)
    .max(64),
});

const common = {
  manifestVersion: z.literal(1),
  slug: z.string().regex(/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/),
  /** Of the model; default: the next whole number. */
  version: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/)
    .optional(),
  title: localized(64),
  description: localized(1_000).optional(),
  artifacts: z.array(artifact).min(1).max(2),
  batch: z.strictObject({ max: z.int().min(1).max(MAX_BATCH) }).default({ max: 32 }),
  limits: z
    .strictObject({
      deadlineMs: z.int().min(100).max(MAX_DEADLINE_MS).default(MAX_DEADLINE_MS),
      maxFileBytes: z.int().min(1_024).max(MAX_FILE_BYTES).default(MAX_FILE_BYTES),
    })
    .default({ deadlineMs: MAX_DEADLINE_MS, maxFileBytes: MAX_FILE_BYTES }),
};

const classifier = z.strictObject({
  ...common,
  kind: z.literal('image-classifier'),
  input: imageInput,
  output: z.strictObject({
    tensor: tensorName,
    activation: z.enum(['none', 'softmax', 'sigmoid']).default('none'),
    labels,
    topK: z.int().min(1).max(100).default(5),
    /** Classes below it are left out. */
    threshold: probability.default(0),
  }),
});

const detector = z.strictObject({
  ...common,
  kind: z.literal('image-detector'),
  input: imageInput.refine((input) => input.fit !== 'cover', {
    message: 'must not be cover: boxes outside would be lost',
  }),
  output: z.strictObject({
    /** [n, k, 4]. */
    boxes: tensorName,
    /** [n, k] with `classes`, else [n, k, labels]. */
    scores: tensorName,
    /** [n, k], indices into labels. */
    classes: tensorName.optional(),
    format: z.enum(['xyxy', 'xywh', 'cxcywh']).default('xyxy'),
    /** Of the row's pixels, or 0..1 of its width and height. */
    units: z.enum(['pixels', 'relative']).default('pixels'),
    candidates: z.int().min(1).max(100_000),
    activation: z.enum(['none', 'sigmoid']).default('none'),
    labels,
    threshold: probability.default(0.5),
    /** Of two boxes of one label that overlap by more (intersection over union), the weaker one goes. */
    overlap: probability.default(0.5),
    maxBoxes: z.int().min(1).max(MAX_BOXES).default(100),
  }),
});

const tensors = z.strictObject({
  ...common,
  kind: z.literal('tensor'),
  inputs: z
    .array(
      z.strictObject({
        tensor: tensorName,
        type: tensorType,
        shape: batchShape,
        minimum: z.number().optional(),
        maximum: z.number().optional(),
        maxRows: z.int().min(1).max(MAX_BATCH).default(1),
      }),
    )
    .min(1)
    .max(8),
  outputs: z
    .array(
      z.strictObject({
        tensor: tensorName,
        type: tensorType,
        shape: batchShape,
        /** Of the last axis. */
        labels: labels.optional(),
        unit: z.string().min(1).max(16).optional(),
      }),
    )
    .min(1)
    .max(8),
});

const timeseries = z.strictObject({
  ...common,
  kind: z.literal('timeseries'),
  input: z.strictObject({
    tensor: tensorName,
    /** Of the row; exactly one axis has the length, all others are 1. */
    shape: batchShape,
    minSamples: z.int().min(2).max(MAX_SAMPLES).default(2),
    normalization: z.enum(['none', 'zscore', 'robust']).default('none'),
  }),
  output: z.strictObject({
    tensor: tensorName,
    /** Scores per row, one for each equal stretch of the series. */
    windows: z.int().min(1).max(MAX_SAMPLES),
    activation: z.enum(['none', 'sigmoid']).default('none'),
    threshold: probability.default(0.5),
  }),
});

const manifest = z
  .discriminatedUnion('kind', [classifier, detector, tensors, timeseries])
  .superRefine((value, context) => {
    for (const { path, message } of contradictions(value)) context.addIssue({ code: 'custom', path, message });
  });

/** What a tenant says of a model that it uploads: everything that an analyzer needs besides the files. */
export type AnalyzerManifest = z.infer<typeof manifest>;
export type ManifestOf<Kind extends AnalyzerManifest['kind']> = Extract<AnalyzerManifest, { kind: Kind }>;

/** Parses a manifest and fills in its defaults; unknown keys are refused. `pointer` is where it stands in the body. */
export function parseManifest(
  value: unknown,
  pointer: string,
): { readonly manifest: AnalyzerManifest } | { readonly faults: readonly FieldError[] } {
  const parsed = manifest.safeParse(value);
  if (parsed.success) return { manifest: parsed.data };
  const faults = parsed.error.issues.map(({ path, code, message }) => ({
    pointer: [pointer, ...path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/'),
    code,
    message: message.charAt(0).toLowerCase() + message.slice(1),
  }));
  return { faults };
}

interface Contradiction {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Rules between fields. */
function contradictions(value: AnalyzerManifest): Contradiction[] {
  const found: Contradiction[] = [];
  const runtimes = value.artifacts.map(({ runtime }) => runtime);
  if (new Set(runtimes).size !== runtimes.length) {
    found.push({ path: ['artifacts'], message: 'must have one artifact per runtime' });
  }
  const files = value.artifacts.flatMap((a) => a.files);
  if (new Set(files).size !== files.length) found.push({ path: ['artifacts'], message: 'must name every file once' });
  if (value.kind === 'tensor') found.push(...tensorContradictions(value));
  if (value.kind === 'timeseries') found.push(...seriesContradictions(value));
  return found;
}

function tensorContradictions({ inputs, outputs, batch }: ManifestOf<'tensor'>): Contradiction[] {
  const found: Contradiction[] = [];
  const rows = new Set(inputs.map(({ maxRows }) => maxRows));
  if (rows.size > 1) found.push({ path: ['inputs'], message: 'must have the same maxRows everywhere' });
  for (const [i, { maxRows, minimum, maximum }] of inputs.entries()) {
    if (maxRows > batch.max) found.push({ path: ['inputs', i, 'maxRows'], message: `must be at most ${batch.max}` });
    if ((minimum ?? -Infinity) >= (maximum ?? Infinity)) {
      found.push({ path: ['inputs', i, 'minimum'], message: 'must be less than maximum' });
    }
  }
  for (const [i, { shape, labels: names }] of outputs.entries()) {
    const last = shape.length > 1 ? shape.at(-1) : 1;
    if (names && names.length !== last) {
      found.push({ path: ['outputs', i, 'labels'], message: `must be ${last}, one for each value of the last axis` });
    }
  }
  return found;
}

function seriesContradictions({ input, output }: ManifestOf<'timeseries'>): Contradiction[] {
  const found: Contradiction[] = [];
  const long = input.shape.slice(1).filter((dim) => Number(dim) > 1);
  const length = Number(long[0] ?? 1);
  if (long.length !== 1) found.push({ path: ['input', 'shape'], message: 'must have one axis longer than 1' });
  if (length > MAX_SAMPLES)
    found.push({ path: ['input', 'shape'], message: `must have at most ${MAX_SAMPLES} samples` });
  if (input.minSamples > length) found.push({ path: ['input', 'minSamples'], message: `must be at most ${length}` });
  if (length % output.windows !== 0) {
    found.push({ path: ['output', 'windows'], message: `must divide the ${length} samples evenly` });
  }
  return found;
}
