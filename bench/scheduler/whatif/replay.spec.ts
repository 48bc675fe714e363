import { describe, expect, it } from 'vitest';
import { byTenant, changes } from './compare.js';
import { recordedDevices, replayTrace } from './replay.js';
import type { Trace, TraceItem } from './trace.js';

/** Two tenants, 5 ms per item on one device: `flood` sends 400 items a second, `calm` 40. */
function overloaded(): Trace {
  const item = (at: number, tenant: string): TraceItem => ({
    at,
    tenant,
    weight: 1,
    model: 'm',
    bucket: 'any',
    band: 'standard',
    size: 1,
    deadline: at + 200,
    cost: 5,
    batch: null,
    device: 'gpu0',
    finished: Infinity,
  });
  const flood = Array.from({ length: 1600 }, (_, i) => item(1000 + i * 2.5, 'flood'));
  const calm = Array.from({ length: 160 }, (_, i) => item(1000.1 + i * 25, 'calm'));
  return { devices: [], items: [...flood, ...calm] };
}

describe('a replay', () => {
  const trace = overloaded();
  const before = replayTrace(trace, {});

  it('takes the recorded devices', () => {
    expect(recordedDevices(trace)).toBe(1);
    expect(recordedDevices({ ...trace, devices: [1, 2].map((n) => ({ id: `gpu${n}`, class: 'any' })) })).toBe(2);
  });

  it('shields the tenant within its share, and half of the flood fits on one device', () => {
    const outcomes = byTenant(trace, before);
    expect(outcomes.get('calm')?.onTimeShare).toBe(1);
    expect(outcomes.get('flood')?.onTimeShare).toBeGreaterThan(0.3);
    expect(outcomes.get('flood')?.onTimeShare).toBeLessThan(0.5);
  });

  it('says who would have met the deadlines on more devices', () => {
    const after = replayTrace(trace, { devices: 3 });
    expect(byTenant(trace, after).get('flood')?.onTimeShare).toBe(1);
    const { gained = 0, lost = 0 } = changes(trace, before, after).get('flood') ?? {};
    expect(lost).toBe(0);
    expect(gained).toBeGreaterThan(800);
  });

  it('obeys limits', () => {
    const after = replayTrace(trace, { limits: new Map([['flood', { maxEnqueued: 1 }]]) });
    const done = byTenant(trace, after).get('flood');
    expect(done?.p99Ms).toBeLessThan(50);
  });
});
