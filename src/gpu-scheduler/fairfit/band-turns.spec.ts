import { describe, expect, it } from 'vitest';
import { PRIORITY_BANDS, type PriorityBand } from '../work-item.js';
import { BandTurns, fillOrder } from './band-turns.js';

describe('BandTurns', () => {
  it('gives the highest band seven turns in nine and each other band one, while all have work', () => {
    const turns = new BandTurns();
    const counts = new Map<PriorityBand | null, number>();
    for (let i = 0; i < 900; i += 1) {
      const band = turns.next(PRIORITY_BANDS);
      counts.set(band, (counts.get(band) ?? 0) + 1);
    }
    expect([...counts.keys()]).toEqual(['interactive', 'standard', 'bulk']);
    expect(counts.get('standard')).toBeCloseTo(100, -1);
    expect(counts.get('bulk')).toBeCloseTo(100, -1);
  });

  it('forgets how often a band was passed over when it has no work', () => {
    const turns = new BandTurns();
    for (let i = 0; i < 7; i += 1) turns.next(['interactive', 'bulk']);
    turns.next(['interactive']);
    for (let i = 0; i < 8; i += 1) expect(turns.next(['interactive', 'bulk'])).toBe('interactive');
    expect(turns.next(['interactive', 'bulk'])).toBe('bulk');
    expect(turns.next([])).toBeNull();
  });

  it('fills a batch with the band that has the turn, then from the highest', () => {
    expect(fillOrder('bulk')).toEqual(['bulk', 'interactive', 'standard']);
  });
});
