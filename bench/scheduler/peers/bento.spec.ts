import { describe, expect, it } from 'vitest';
import { Bento } from './bento.js';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';

const bento = (scenario: ReturnType<typeof tiny>) => new Bento(new PeerView(scenario));

describe('BentoML', () => {
  it('drops heads until all that is queued fits the SLO, but never the last item', () => {
    // At 10 ms 40 items that came at 1 would take 49 ms: heads go until 9 + n + 9 < 40, that is 21 items.
    const runs = runsOf(tiny([{ at: 0 }, ...several(40, { at: 1 })]), bento);
    expect(runs[1]).toBe(`10 m0: ${Array.from({ length: 11 }, (_, i) => 20 + i).join(' ')}`);
  });

  it('holds one item while the heads of earlier batches waited long', () => {
    // Head waits so far: 0 and 9 ms, mean 4.5. One item is held until its wait + 1 + a exceeds 0.95 * 4.5 = 4.275.
    const runs = runsOf(tiny([{ at: 0 }, { at: 1 }, { at: 30 }]), bento);
    expect(runs).toEqual(['0 m0: 0', '10 m0: 1', '33 m0: 2']);
  });
});
