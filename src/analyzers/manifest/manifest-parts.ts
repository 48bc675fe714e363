import { z } from 'zod';

/** Elements of one row of one tensor: 16 MiB of float32, a quarter of the default arena. */
export const MAX_ROW_ELEMENTS = 2 ** 22;
const MAX_EDGE = 2_048;
const MAX_LABELS = 1_000;
const MAX_LABEL_CHARS = 64;

const TENSOR_TYPES = ['float32', 'float64', 'uint8', 'int8', 'int32', 'int64', 'bool'] as const;

const text = (maxChars: number) => z.string().trim().min(1).max(maxChars);

/** Name of a tensor of the model. */
export const tensorName = z.string().min(1).max(256);
export const tensorType = z.enum(TENSOR_TYPES);
export const localized = (maxChars: number) => z.strictObject({ en: text(maxChars), ko: text(maxChars) });
export const probability = z.number().min(0).max(1);

/** Words of the classes, in the order of the model's last axis. Shown as text only. */
export const labels = z
  .array(text(MAX_LABEL_CHARS))
  .min(1)
  .max(MAX_LABELS)
  .refine((names) => new Set(names).size === names.length, 'must be different from each other');

/** A shape whose first axis is the batch. */
export const batchShape = z
  .tuple([z.literal('n')], z.int().min(1).max(MAX_ROW_ELEMENTS))
  .refine(
    (shape) => shape.slice(1).reduce<number>((product, dim) => product * Number(dim), 1) <= MAX_ROW_ELEMENTS,
    `must have at most ${MAX_ROW_ELEMENTS} elements in a row`,
  );

const normalization = z.strictObject({
  /** Multiplied with each value of 0..255 first. */
  scale: z
    .number()
    .positive()
    .default(1 / 255),
  /** Per channel, subtracted next. */
  mean: z.array(z.number()).min(1).max(3).optional(),
  /** Per channel, divided by last. */
  std: z.array(z.number().positive()).min(1).max(3).optional(),
});

/** How a picture becomes a row. */
export const imageInput = z
  .strictObject({
    tensor: tensorName,
    type: z.enum(['uint8', 'float32']),
    layout: z.enum(['NHWC', 'NCHW']).default('NHWC'),
    width: z.int().min(1).max(MAX_EDGE),
    height: z.int().min(1).max(MAX_EDGE),
    channels: z.union([z.literal(1), z.literal(3)]).default(3),
    fit: z.enum(['fill', 'cover', 'contain']).default('fill'),
    normalization: normalization.optional(),
  })
  .refine((input) => input.type === 'float32' || (input.layout === 'NHWC' && !input.normalization), {
    message: 'uint8 rows are NHWC and not normalized: let the graph do it, or use float32',
    path: ['type'],
  })
  .refine((input) => input.width * input.height * input.channels <= MAX_ROW_ELEMENTS, {
    message: `must have at most ${MAX_ROW_ELEMENTS} values in a row`,
    path: ['width'],
  })
  .refine(
    ({ channels, normalization: n }) => [n?.mean, n?.std].every((list) => !list || [1, channels].includes(list.length)),
    { message: 'must give one number, or one per channel', path: ['normalization'] },
  );
export type ImageInputSpec = z.infer<typeof imageInput>;
