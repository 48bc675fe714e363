import { expect, it } from 'vitest';
import { analyzeWithShippedModel, sample } from '../analyzer.conformance.js';
import { MeterReaderAnalyzer } from './meter-reader.analyzer.js';

const analyzer = new MeterReaderAnalyzer();

it('reads the gas meter, and says where its digits are', async () => {
  const result = await analyzeWithShippedModel(analyzer, { image: sample('pureun-gas-meter.png') });
  expect(result).toMatchObject({ text: '0048216', truncated: false });
  expect(result['confidence']).toBeGreaterThan(0.5);
  const lefts = (result['boxes'] as { x: number }[]).map(({ x }) => x);
  expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
});

it('finds no digit on a plate of steel', async () => {
  const result = await analyzeWithShippedModel(analyzer, { image: sample('hanbit-weld-plate.png') });
  expect(result).toMatchObject({ text: '', digits: [], confidence: 0 });
});
