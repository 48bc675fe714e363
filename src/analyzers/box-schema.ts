import type { ImageGeometry } from '../inference/image-row-spec.js';
import type { JsonSchema } from './analyzer.js';
import { round6 } from './rounding.js';

/** A rectangle; the unit (row pixels or source pixels) depends on where it stands. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const pixels = (description: string): JsonSchema => ({ type: 'number', minimum: 0, description });

/** Properties of a rectangle in source pixels. */
export const RECTANGLE_PROPERTIES = {
  x: pixels('Left edge in source pixels'),
  y: pixels('Top edge in source pixels'),
  width: pixels('Width in source pixels'),
  height: pixels('Height in source pixels'),
};

export const SCORE_SCHEMA: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };

/** Schema of the boxes that the `image_boxes` view draws. */
export const BOXES_SCHEMA: JsonSchema = {
  type: 'array',
  description: 'What was found, in source pixels, most important first',
  items: {
    type: 'object',
    properties: { ...RECTANGLE_PROPERTIES, label: { type: 'string' }, score: SCORE_SCHEMA },
    required: ['x', 'y', 'width', 'height', 'label', 'score'],
    additionalProperties: false,
  },
};

/** Schema of the size of the picture that the boxes refer to. */
export const IMAGE_SIZE_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'Size of the source picture in pixels, upright',
  properties: { width: { type: 'integer', minimum: 1 }, height: { type: 'integer', minimum: 1 } },
  required: ['width', 'height'],
  additionalProperties: false,
};

/** A rectangle of row pixels in source pixels, cut off at the picture's edges. */
export function toSource(box: Rectangle, geometry: ImageGeometry): Rectangle {
  const across = (x: number) => within(x / geometry.scaleX + (geometry.left ?? 0), geometry.sourceWidth);
  const down = (y: number) => within(y / geometry.scaleY + (geometry.top ?? 0), geometry.sourceHeight);
  const [left, right] = [across(box.x), across(box.x + box.width)];
  const [top, bottom] = [down(box.y), down(box.y + box.height)];
  return { x: round6(left), y: round6(top), width: round6(right - left), height: round6(bottom - top) };
}

function within(value: number, limit: number): number {
  return Math.min(limit, Math.max(0, value));
}
