import { describe, expect, it } from 'vitest';
import { InterpretError } from '../analyzer.js';
import { DigitReaderAnalyzer } from './digit-reader.analyzer.js';

const analyzer = new DigitReaderAnalyzer();
const input = { image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' } };
const geometry = { sourceWidth: 480, sourceHeight: 96, scaleX: 1 / 3, scaleY: 1 / 3 };

/** One character per column, the rest blank. */
function outputs(text: string) {
  const data = new Float32Array(48 * 11);
  for (let column = 0; column < 48; column++) {
    const c = text[column] ?? '.';
    data[column * 11 + (c === '.' ? 10 : Number(c))] = 1;
  }
  return { y: { type: 'float32' as const, dims: [1, 1, 48, 11], data } };
}

describe('DigitReaderAnalyzer', () => {
  it('gives text, digits and boxes in source pixels', () => {
    const { kind, data } = analyzer.interpret(outputs('..44....7.'), geometry, input);
    expect(kind).toBe('image_boxes');
    expect(data).toMatchObject({
      text: '47',
      confidence: 1,
      digits: [
        { digit: 4, confidence: 1, box: { x: 12, y: 0, width: 48, height: 96 } },
        { digit: 7, confidence: 1, box: { x: 90, y: 0, width: 24, height: 96 } },
      ],
      image: { width: 480, height: 96 },
    });
    expect(data['boxes']).toMatchObject([{ label: '4', score: 1, x: 12 }, { label: '7' }]);
  });

  it('cuts boxes off at the picture', () => {
    const { data } = analyzer.interpret(outputs('3333'), geometry, input);
    expect(data['digits']).toMatchObject([{ box: { x: 0, width: 72 } }]);
  });

  it('answers an empty line with an empty text', () => {
    expect(analyzer.interpret(outputs(''), geometry, input).data).toMatchObject({
      text: '',
      confidence: 0,
      digits: [],
    });
  });

  it('refuses the output of another model', () => {
    const { y } = outputs('1');
    expect(() => analyzer.interpret({ y: { ...y, dims: [1, 48, 11] } }, geometry, input)).toThrow(InterpretError);
  });
});
