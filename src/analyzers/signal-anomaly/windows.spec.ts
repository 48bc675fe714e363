import { describe, expect, it } from 'vitest';
import { decideSignal } from './windows.js';

describe('decideSignal', () => {
  it('cuts the last window at the end of the series and ignores scores of the padding', () => {
    const decision = decideSignal([0.1, 0.2, 0.3, 0.99], 70, 32, 0.5);
    expect(decision.verdict).toBe('normal');
    expect(decision.score).toBe(0.3);
    expect(decision.windows).toEqual([
      { start: 0, end: 32, score: 0.1 },
      { start: 32, end: 64, score: 0.2 },
      { start: 64, end: 70, score: 0.3 },
    ]);
  });

  it('is anomalous from the threshold on', () => {
    expect(decideSignal([0.1, 0.5], 64, 32, 0.5).verdict).toBe('anomalous');
    expect(decideSignal([0.1, 0.499], 64, 32, 0.5).verdict).toBe('normal');
  });
});
