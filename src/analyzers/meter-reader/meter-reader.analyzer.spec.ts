import { describe, expect, it } from 'vitest';
import type { ImageRowSpec } from '../../inference/image-row-spec.js';
import type { OutputTensor } from '../../inference/tensor.js';
import type { PrepareContext } from '../analyzer.js';
import { GRID } from './digit-boxes.js';
import { MeterReaderAnalyzer } from './meter-reader.analyzer.js';
import { MAX_DIGITS } from './meter-reader.definition.js';

const analyzer = new MeterReaderAnalyzer();
const input = { image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' } };
/** The picture is 384 x 256, twice the row. */
const geometry = { sourceWidth: 384, sourceHeight: 256, scaleX: 0.5, scaleY: 0.5 };
const EMPTY = { geometry, digits: [], truncated: false };

function contextOf(specs: ImageRowSpec[]): PrepareContext {
  return {
    imageRows: async (_file: unknown, asked: readonly ImageRowSpec[]) => {
      specs.push(...asked);
      return asked.map((_, i) => ({ row: { offset: i * 64, bytes: 6144 }, geometry }));
    },
  } as unknown as PrepareContext;
}

/** Answer of meter-net with a digit at these columns. */
function detected(...columns: number[]): { y: OutputTensor } {
  const data = new Float32Array(GRID.width * GRID.height);
  for (const column of columns) for (const row of [10, 11, 12, 13]) data[row * GRID.width + column] = 0.9;
  return { y: { type: 'float32', dims: [1, GRID.height, GRID.width, 1], data } };
}

/** Answer of digit-net: the text of each crop, a dot for nothing. */
function readings(...texts: string[]): { y: OutputTensor } {
  const data = new Float32Array(texts.length * 48 * 11);
  texts.forEach((text, crop) => {
    for (let column = 0; column < 48; column++) {
      const c = text[column] ?? '.';
      data[(crop * 48 + column) * 11 + (c === '.' ? 10 : Number(c))] = 0.8;
    }
  });
  return { y: { type: 'float32', dims: [texts.length, 1, 48, 11], data } };
}

const step = analyzer.steps[0]!;

describe('MeterReaderAnalyzer', () => {
  it('cuts the digits that it found out of the picture, in the lane of digit-net', async () => {
    const specs: ImageRowSpec[] = [];
    const { shapeBucket, tensors, memo } = await step.prepare(detected(20, 10), EMPTY, input, contextOf(specs));
    expect([step.model, shapeBucket]).toEqual(['digit-net', '192x32']);
    expect(tensors['x']).toMatchObject({
      type: 'uint8',
      rowShape: [32, 192, 1],
      rows: [{ offset: 0 }, { offset: 64 }],
    });
    expect(specs.map(({ region }) => region?.x)).toEqual([expect.closeTo(54.43, 1), expect.closeTo(134.43, 1)]);
    expect(memo).toMatchObject({ digits: [{ score: expect.closeTo(0.9, 5) as number }, {}], truncated: false });
  });

  it('reads them from left to right, with a question mark for what it cannot read', async () => {
    const { memo } = await step.prepare(detected(10, 20, 30), EMPTY, input, contextOf([]));
    const { kind, data } = analyzer.interpret(readings('.77..', '.....', '3.444'), memo, input);
    expect(kind).toBe('image_boxes');
    expect(data).toMatchObject({ text: '7?4', confidence: 0, truncated: false, image: { width: 384, height: 256 } });
    expect(data['digits']).toMatchObject([{ digit: 7, confidence: 0.8 }, { digit: null, confidence: 0 }, { digit: 4 }]);
    expect((data['boxes'] as { label: string }[]).map(({ label }) => label)).toEqual(['7', '?', '4']);
  });

  it('has a result without a digit', async () => {
    const { tensors, memo } = await step.prepare(detected(), EMPTY, input, contextOf([]));
    expect(tensors['x']?.rows).toEqual([]);
    expect(analyzer.interpret({}, memo, input).data).toMatchObject({ text: '', confidence: 0, digits: [], boxes: [] });
  });

  it('reads as many as it may, and says that there were more', async () => {
    const columns = Array.from({ length: MAX_DIGITS + 2 }, (_, i) => 2 + i * 3);
    const { tensors, memo } = await step.prepare(detected(...columns), EMPTY, input, contextOf([]));
    expect(tensors['x']?.rows).toHaveLength(MAX_DIGITS);
    const { data } = analyzer.interpret(readings(...columns.slice(2).map(() => '1')), memo, input);
    expect(data).toMatchObject({ text: '1'.repeat(MAX_DIGITS), truncated: true });
  });
});
