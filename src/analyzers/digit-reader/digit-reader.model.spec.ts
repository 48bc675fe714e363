import { expect, it } from 'vitest';
import { analyzeWithShippedModel, sample } from '../analyzer.conformance.js';
import { DigitReaderAnalyzer } from './digit-reader.analyzer.js';

it('reads the parcel label from left to right', async () => {
  const result = await analyzeWithShippedModel(new DigitReaderAnalyzer(), { image: sample('dasan-parcel-label.png') });
  expect(result['text']).toBe('40172965');
  expect(result['confidence']).toBeGreaterThan(0.5);
  const lefts = (result['boxes'] as { x: number }[]).map(({ x }) => x);
  expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
});
