import { describe, expect, it } from 'vitest';
import type { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { PriorityBand } from '../../gpu-scheduler/work-item.js';
import type { Journals } from '../recording/journals.js';
import { ClaimWindows } from './claim-windows.js';

interface Facts {
  /** Attempts in hand by tenant. */
  readonly held?: Record<string, number>;
  /** Those of them that the scheduler has not got yet. */
  readonly ahead?: number;
  /** What the scheduler lets claim, by its lowest band. */
  readonly claimable?: (tenantId: string, band: PriorityBand, ahead: number) => number;
  readonly leads?: Record<string, number>;
  readonly isSated?: boolean;
}

function windows({ held = {}, ahead = 0, claimable = () => 1_000, leads = {}, isSated = false }: Facts): ClaimWindows {
  const size = Object.values(held).reduce((sum, n) => sum + n, 0);
  const journals = { size, heldOf: (tenant: string) => held[tenant] ?? 0, aheadOf: () => ahead };
  const scheduler = { claimable, isSated, leadMs: (tenant: string) => leads[tenant] ?? 0 };
  return new ClaimWindows(scheduler as unknown as GpuSchedulerService, journals as unknown as Journals);
}

const known = (...tenantIds: string[]) => new Map(tenantIds.map((tenantId, i) => [tenantId, i]));
const all = (tenantId: string, size: number) => ({ tenantId, size, lowestBand: 2 });

describe('ClaimWindows', () => {
  it('keeps room for one tenant more, however much the others have', () => {
    expect(windows({}).of(known('a'))).toEqual([all('a', 256)]);
    expect(windows({ held: { a: 256 } }).of(known('a'))).toEqual([]);
    expect(windows({ held: { a: 256 } }).of(known('a', 'b'))).toEqual([all('b', 170)]);
  });

  it('begins with the tenant that is least ahead of its share, with another one each time among equals', () => {
    const of = windows({ leads: { flood: 40 } });
    const first = () => of.of(known('flood', 'b', 'c')).map(({ tenantId }) => tenantId);
    expect([first(), first(), first()]).toEqual([
      ['b', 'c', 'flood'],
      ['b', 'c', 'flood'],
      ['c', 'b', 'flood'],
    ]);
  });

  it('gives the flood the rest: who lags goes first when the room is short', () => {
    const held = { flood: 100, b: 0, other: 400 };
    const of = windows({ held, leads: { flood: 40 }, claimable: (tenantId) => (tenantId === 'b' ? 8 : 500) });
    expect(of.of(known('flood', 'b'))).toEqual([all('b', 8), all('flood', 4)]);
  });

  it('asks for what is not in preparation already, and passes over a tenant that the scheduler has enough of', () => {
    const claimable = (_: string, band: PriorityBand, ahead: number) => (band === 'bulk' ? 20 - ahead : 0);
    expect(windows({ claimable, ahead: 5 }).of(known('a'))).toEqual([all('a', 15)]);
    expect(windows({ claimable, ahead: 20 }).of(known('a'))).toEqual([]);
  });

  it('takes higher bands past a window full of lower ones, once per announcement if there are none', () => {
    const of = windows({ claimable: (_, band) => (band === 'interactive' ? 30 : 0) });
    const narrow = { tenantId: 'a', size: 30, lowestBand: 0 };
    expect(of.of(new Map([['a', 7]]))).toEqual([narrow]);
    expect(of.exhausted(narrow, new Map([['a', 7]]))).toBe(false);
    expect(of.of(new Map([['a', 7]]))).toEqual([]);
    expect(of.of(new Map([['a', 8]]))).toEqual([narrow]);
    expect(of.exhausted(all('a', 30), new Map([['a', 8]]))).toBe(true);
  });

  it('gives no more than there is room for, however many tenants wait', () => {
    const given = windows({}).of(known(...Array.from({ length: 1_000 }, (_, i) => `t${i}`)));
    expect(given.reduce((sum, w) => sum + w.size, 0)).toBe(512);
    expect(given.every((w) => w.size === 1)).toBe(true);
  });

  it('leaves the rest to other workers while it has enough, and takes newcomers all the same', () => {
    const of = windows({ isSated: true, held: { a: 40 }, claimable: () => 30 });
    expect(of.of(known('a'))).toEqual([]);
    expect(of.of(known('a', 'b'))).toEqual([all('b', 30)]);
  });

  it('waits for room that is worth a claim', () => {
    expect(windows({ held: { a: 448 } }).hasRoom).toBe(true);
    expect(windows({ held: { a: 449 } }).hasRoom).toBe(false);
  });
});
