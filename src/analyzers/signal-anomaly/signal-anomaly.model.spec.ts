import { expect, it } from 'vitest';
import { analyzeWithShippedModel, sample } from '../analyzer.conformance.js';
import { SignalAnomalyAnalyzer } from './signal-anomaly.analyzer.js';

/** Where models/make-samples.mjs drew the burst. */
const BURST = { start: 712, end: 768 };

const analyzer = new SignalAnomalyAnalyzer();

it('finds the burst in the turbine vibration and nothing elsewhere', async () => {
  const result = await analyzeWithShippedModel(analyzer, { file: sample('pureun-turbine-vibration.csv') });
  expect(result).toMatchObject({ verdict: 'anomalous', samples: 1024, sampleRate: null });
  const windows = result['windows'] as { start: number; end: number; score: number }[];
  expect(windows).toHaveLength(32);
  const hot = windows.filter(({ score }) => score >= (result['threshold'] as number));
  expect(hot.length).toBeGreaterThan(0);
  for (const { start, end } of hot) {
    expect(end).toBeGreaterThan(BURST.start);
    expect(start).toBeLessThan(BURST.end);
  }
});

it('calls a clean sine normal in every bucket', async () => {
  for (const length of [64, 256, 700, 1024, 4096]) {
    const values = Array.from({ length }, (_, t) => Math.sin(t / 5) + 0.05 * Math.sin(t * t));
    const result = await analyzeWithShippedModel(analyzer, { values, sampleRate: 100 });
    expect(result).toMatchObject({ verdict: 'normal', samples: length, sampleRate: 100 });
    expect(result['windows']).toHaveLength(Math.ceil(length / 32));
  }
});
