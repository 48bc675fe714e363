import { describe, expect, it } from 'vitest';
import { Epoch, WaitClock } from './wait-clock.js';

interface Meters {
  loadingMs(nowMs: number): number;
  fillingMs(nowMs: number): number;
}

const idle: Meters = { loadingMs: () => 0, fillingMs: () => 0 };
const free: { limitMs(nowMs: number): number } = { limitMs: () => 0 };
const waiter = { tenantId: 'a', band: 1, deadlineMs: 500 };

function clock(lane = idle, tenant = free) {
  const anywhere = new Epoch();
  const own = new Epoch();
  return { anywhere, own, wait: new WaitClock(100, lane, tenant, anywhere, own) };
}

describe('WaitClock', () => {
  it('is device_busy until the first dispatch, then the turn of others, then the share of its tenant', () => {
    const { anywhere, own, wait } = clock();
    expect(wait.reason(waiter)).toBe('device_busy');
    anywhere.close(110, 1, 0, null);
    expect(wait.reason(waiter)).toBe('lane_turn');
    own.close(130, 1, 140, null);
    expect(wait.reason(waiter)).toBe('tenant_share');
    expect(wait.waits(160, waiter)).toEqual([
      { reason: 'device_busy', ms: 10 },
      { reason: 'lane_turn', ms: 20 },
      { reason: 'tenant_share', ms: 30 },
    ]);
  });

  it('names a higher band, a deadline that would have shrunk the batch, and its own tenant', () => {
    const { anywhere, own, wait } = clock();
    anywhere.close(100, 0, 0, null);
    expect(wait.reason(waiter)).toBe('higher_band');
    own.close(110, 1, 600, null);
    expect(wait.reason(waiter)).toBe('deadline');
    expect(wait.reason({ ...waiter, deadlineMs: null })).toBe('tenant_share');
    const other = clock();
    other.own.close(110, 1, 120, 'a');
    expect(other.wait.reason(waiter)).toBe('device_busy');
  });

  it('takes out the time of loads, holds and limits, and adds up', () => {
    const lane = { loadingMs: (nowMs: number) => Math.min(nowMs, 120), fillingMs: (nowMs: number) => nowMs / 10 };
    const { anywhere, wait } = clock(lane, { limitMs: (nowMs) => (nowMs > 100 ? 7 : 0) });
    anywhere.close(125, 1, 0, null);
    const waits = wait.waits(200, waiter);
    expect(waits.slice(0, 3)).toEqual([
      { reason: 'model_loading', ms: 20 },
      { reason: 'batch_filling', ms: 10 },
      { reason: 'quota', ms: 7 },
    ]);
    expect(waits.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(100, 9);
  });
});
