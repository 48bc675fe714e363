import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Action,
  calmTraces,
  check,
  newDriver,
  play,
  settle,
  tightTraces,
  wildTraces,
} from '../../../test/support/core-traces.js';

const KINDS = [
  ['calm', calmTraces],
  ['wild', wildTraces],
  ['tight', tightTraces],
] as const;

describe.each(KINDS)('SchedulerCore, %s: endings', (kind, traces) => {
  const holds = (predicate: (actions: readonly Action[]) => void) =>
    fc.assert(fc.property(traces, predicate), { numRuns: 250 });

  it('every item ends exactly once', () => {
    holds((actions) => {
      const d = play(newDriver(kind), actions);
      check(d, () => {
        settle(d);
        expect(d.ends.map((e) => e.itemId).toSorted()).toEqual([...d.enqueued.keys()].toSorted());
      });
    });
  });

  it('a drain leaves nothing behind, whatever the devices do', () => {
    holds((actions) => {
      const d = play(newDriver(kind), actions);
      check(d, () => {
        d.send({ type: 'drain', untilMs: d.nowMs + 1_000 });
        d.send({ type: 'timer' }, 100_000);
        while (d.running.length > 0) d.finish(1);
        expect(d.ends.map((e) => e.itemId).toSorted()).toEqual([...d.enqueued.keys()].toSorted());
        expect(d.core.snapshot().lanes.reduce((sum, lane) => sum + lane.queuedItems, 0)).toBe(0);
      });
    });
  });

  it('an item that was canceled or refused is in no batch', () => {
    holds((actions) => {
      const d = play(newDriver(kind), actions);
      check(d, () => {
        settle(d);
        const ran = new Set(d.batches.flatMap((b) => b.items.map((i) => i.itemId)));
        for (const { itemId, how } of d.ends) {
          expect(ran.has(itemId)).toBe(how === 'completed' || how === 'failed' || how === 'abandoned');
        }
      });
    });
  });

  it('what devices did is charged to somebody, to the last microsecond', () => {
    holds((actions) => {
      const d = play(newDriver(kind), actions);
      check(d, () => {
        settle(d);
        const { devices, platformMs } = d.core.snapshot();
        const charged = d.core.exportState().accounts.reduce((sum, { chargedDeviceMs }) => sum + chargedDeviceMs, 0);
        const spent = devices.reduce((sum, { runMs, loadMs, unpaidLoadMs }) => sum + runMs + loadMs - unpaidLoadMs, 0);
        expect(charged + platformMs).toBeCloseTo(spent, 6);
      });
    });
  });
});
