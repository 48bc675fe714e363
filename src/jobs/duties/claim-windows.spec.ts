import { describe, expect, it } from 'vitest';
import type { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { Journals } from '../recording/journals.js';
import { ClaimWindows } from './claim-windows.js';

/** Windows of a worker that has `held` attempts in hand, by tenant, and whose scheduler takes `room` of each. */
function windows(held: Record<string, number>, room = 1_000): ClaimWindows {
  const size = Object.values(held).reduce((sum, n) => sum + n, 0);
  const journals = { size, heldOf: (tenant: string) => held[tenant] ?? 0 } as unknown as Journals;
  return new ClaimWindows({ room: () => room } as unknown as GpuSchedulerService, journals);
}

describe('ClaimWindows', () => {
  it('keeps room for one tenant more, however much the others have', () => {
    expect(windows({}).of(['a'])).toEqual([{ tenantId: 'a', size: 256 }]);
    expect(windows({ a: 256 }).of(['a'])).toEqual([]);
    expect(windows({ a: 256 }).of(['a', 'b'])).toEqual([{ tenantId: 'b', size: 170 }]);
  });

  it('shares evenly and begins with another tenant each time', () => {
    const of = windows({});
    expect(of.of(['a', 'b'])).toEqual([
      { tenantId: 'a', size: 170 },
      { tenantId: 'b', size: 170 },
    ]);
    expect(of.of(['a', 'b'])[0]!.tenantId).toBe('b');
  });

  it('passes over a tenant that the scheduler has enough of', () => {
    expect(windows({}, 0).of(['a'])).toEqual([]);
    expect(windows({ a: 30 }, 20).of(['a', 'b'])).toEqual([
      { tenantId: 'a', size: 20 },
      { tenantId: 'b', size: 20 },
    ]);
  });

  it('gives no more than there is room for, however many tenants wait', () => {
    const tenants = Array.from({ length: 1_000 }, (_, i) => `t${i}`);
    const given = windows({}).of(tenants);
    expect(given.reduce((sum, w) => sum + w.size, 0)).toBe(512);
    expect(given.every((w) => w.size === 1)).toBe(true);
  });

  it('waits for room that is worth a claim', () => {
    expect(windows({ a: 448 }).hasRoom).toBe(true);
    expect(windows({ a: 449 }).hasRoom).toBe(false);
  });
});
