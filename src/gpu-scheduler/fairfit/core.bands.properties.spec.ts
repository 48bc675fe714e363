import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreDriver } from '../../../test/support/core-driver.js';
import { check } from '../../../test/support/core-traces.js';
import type { PriorityBand } from '../work-item.js';

function serviceOf(d: CoreDriver, band: PriorityBand): number {
  return d.core.snapshot().bands.find((view) => view.band === band)?.serviceMs ?? 0;
}

describe('SchedulerCore: bands and undated work', () => {
  it('a band that always has work gets its floor, less two batches, whatever the higher bands send', () => {
    const floor = fc.constantFrom(0.05, 0.1, 0.25);
    const runs = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 40, maxLength: 120 });
    fc.assert(
      fc.property(floor, floor, runs, (standard, bulk, sizes) => {
        const d = new CoreDriver({ bandFloors: { interactive: 0, standard, bulk } });
        d.addDevice('cpu:0', ['i', 's', 'b']);
        let serial = 0;
        const add = (band: PriorityBand, modelVersionId: string, size: number) =>
          d.enqueue(`${band}-${(serial += 1)}`, { band, modelVersionId, size, tenantId: band });
        for (let i = 0; i < 20; i += 1) {
          add('standard', 's', 2);
          add('bulk', 'b', 4);
        }
        let busyMs = 0;
        for (const size of sizes) {
          for (let rows = 0; rows < 16; rows += size) add('interactive', 'i', size);
          const run = d.running[0];
          const ms = run?.predictedMs ?? 0;
          d.finish(ms);
          busyMs += ms;
          if (run?.band === 'standard') for (let i = 0; i < 4; i += 1) add('standard', 's', 2);
          if (run?.band === 'bulk') for (let i = 0; i < 2; i += 1) add('bulk', 'b', 4);
          check(d, () => {
            expect(serviceOf(d, 'standard')).toBeGreaterThanOrEqual(standard * busyMs - 3 * 13);
            expect(serviceOf(d, 'bulk')).toBeGreaterThanOrEqual(bulk * busyMs - 3 * 13);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('an aged item gets its turn although dated work never ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.constantFrom(0.1, 0.3), (size, agedShare) => {
        const d = new CoreDriver({ agedShare, undatedTargetMs: { interactive: 50, standard: 50, bulk: 50 } });
        d.addDevice('cpu:0', ['m', 'n']);
        let serial = 0;
        const fill = () => {
          for (let i = 0; i < 12; i += 1) {
            d.enqueue(`d${(serial += 1)}`, { tenantId: `t${i % 3}`, modelVersionId: 'm', deadlineMs: d.nowMs + 200 });
          }
        };
        fill();
        d.enqueue('undated', { tenantId: 'u', modelVersionId: 'n', size });
        for (let turn = 0; turn < 80 && !d.isEnded('undated'); turn += 1) {
          fill();
          d.finish(d.running[0]?.predictedMs ?? 1);
        }
        check(d, () => expect(d.isEnded('undated')).toBe(true));
      }),
      { numRuns: 40 },
    );
  });

  it('undated items that all age at once leave dated work its time', () => {
    const d = new CoreDriver({ undatedTargetMs: { interactive: 100, standard: 100, bulk: 100 } });
    d.addDevice('cpu:0', ['m', 'n']);
    for (let i = 0; i < 400; i += 1)
      d.enqueue(`u${i}`, { tenantId: `u${i % 2}`, modelVersionId: 'n', maxEnqueued: 1e9 });
    let dated = 0;
    for (let turn = 0; turn < 200; turn += 1) {
      if (turn % 2 === 0) {
        d.enqueue(`d${turn}`, { tenantId: 'dated', modelVersionId: 'm', deadlineMs: d.nowMs + 40 });
        dated += 1;
      }
      if (d.running.length > 0) d.finish(d.running[0]?.predictedMs ?? 1);
      else d.nowMs += 10;
    }
    const onTime = d.ends.filter((end) => end.itemId.startsWith('d') && end.how === 'completed').length;
    expect(onTime / dated).toBeGreaterThan(0.95);
    expect(d.ends.some((end) => end.itemId.startsWith('u'))).toBe(true);
  });

  it('a lower band sends batches that do not block a higher one for longer than half its deadline', () => {
    const d = new CoreDriver();
    d.addDevice('cpu:0', ['i', 'b']);
    d.enqueue('i', { band: 'interactive', modelVersionId: 'i', deadlineMs: 20 });
    for (let i = 0; i < 30; i += 1) d.enqueue(`b${i}`, { band: 'bulk', modelVersionId: 'b' });
    d.finish(6);
    // U(b) = b + 5 ms <= 10 ms.
    expect(d.batches[1]).toMatchObject({ band: 'bulk', rows: 5 });
    for (let i = 0; i < 3; i += 1) d.finish(10);
    d.finish(10_000);
    expect(d.batches.at(-1)?.rows).toBe(8);
  });
});
