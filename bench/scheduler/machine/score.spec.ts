import { describe, expect, it } from 'vitest';
import { PeerView } from '../peers/peer-view.js';
import { tiny } from '../peers/tiny-runs.js';
import { Triton } from '../peers/triton.js';
import type { Scenario } from './scenario.js';
import { passes, scoreOf } from './score.js';

const eager = (scenario: Scenario) => new Triton(new PeerView(scenario), { delayMs: 0, hasTimeout: false });

describe('the score', () => {
  it('counts arrivals from the warm-up to a second before the end', () => {
    const scenario = tiny([{ at: 500 }, { at: 1500 }, { at: 2500 }], { warmMs: 1000, endMs: 3000 });
    const { counted, onTimeShare, goodputRps } = scoreOf(scenario, eager(scenario));
    expect({ counted, onTimeShare, goodputRps }).toEqual({ counted: 1, onTimeShare: 1, goodputRps: 1 });
  });

  it('gives each tenant its items, its service and the median latency', () => {
    // 10 ms for item 0; items 1 and 2 of two tenants share a batch of 11 ms and come too late for one of them.
    const items = [{ at: 0 }, { at: 4, tenant: 1, due: 20 }, { at: 5, tenant: 2 }];
    const score = scoreOf(tiny(items), eager(tiny(items)));
    expect(score.onTimeByTenant).toEqual([1, 0, 1]);
    expect(score.serviceByTenant).toEqual([10, 5.5, 5.5]);
    expect(score.p50Ms).toBe(16);
  });

  it('says early that too many are late, and the same as the full score', () => {
    const some = Array.from({ length: 200 }, (_, i) => ({ at: i * 10 }));
    const late = some.map((item, i) => (i < 4 ? { ...item, due: item.at + 1 } : item));
    const scenario = tiny(late);
    expect(passes(scenario, eager(scenario), 0.98)).toBe(true);
    expect(passes(scenario, eager(scenario), 0.981)).toBe(false);
    expect(scoreOf(scenario, eager(scenario)).onTimeShare).toBe(0.98);
  });
});
