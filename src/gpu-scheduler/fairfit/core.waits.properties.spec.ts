import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, newDriver, play, tightTraces, wildTraces } from '../../../test/support/core-traces.js';

describe.each([
  ['wild', wildTraces],
  ['tight', tightTraces],
] as const)('SchedulerCore, %s: waits and timer', (kind, traces) => {
  it('the parts of a wait add up to the wait, and a wait has a reason', () => {
    fc.assert(
      fc.property(traces, (actions) => {
        const d = play(newDriver(kind), actions);
        check(d, () => {
          for (const slot of d.batches.flatMap((b) => b.items)) {
            expect(slot.waits.reduce((sum, wait) => sum + wait.ms, 0)).toBeCloseTo(slot.waitMs, 6);
            for (const wait of slot.waits) expect(wait.ms).toBeGreaterThan(0);
          }
        });
      }),
      { numRuns: 250 },
    );
  });

  it('an explanation of a queued item adds up as well, and its median comes before its p90', () => {
    fc.assert(
      fc.property(traces, (actions) => {
        const d = newDriver(kind);
        play(d, actions, () => {
          const [itemId] = [...d.enqueued.keys()].slice(-1);
          const view = itemId ? d.core.explain(itemId, d.nowMs) : undefined;
          if (!view) return;
          expect(view.waits.reduce((sum, wait) => sum + wait.ms, 0)).toBeCloseTo(view.waitedMs, 6);
          expect(view.estimatedStartP90Ms ?? 0).toBeGreaterThanOrEqual(view.estimatedStartMs ?? 0);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('one timer is armed at most, in time for every deadline, and it is not armed again for the same instant', () => {
    fc.assert(
      fc.property(traces, (actions) => {
        const d = newDriver(kind);
        play(d, actions, () => {
          const armed = d.steps.at(-1)?.commands.filter((command) => command.type === 'armTimer') ?? [];
          expect(armed.length).toBeLessThanOrEqual(1);
          const ran = new Set(d.batches.flatMap((b) => b.items.map((i) => i.itemId)));
          for (const item of d.enqueued.values()) {
            if (item.deadlineMs === null || item.deadlineAction === 'demote') continue;
            if (ran.has(item.itemId) || d.isEnded(item.itemId)) continue;
            expect(d.timerAtMs).not.toBeNull();
            expect(d.timerAtMs ?? Infinity).toBeLessThanOrEqual(item.deadlineMs);
          }
        });
        check(d, () => {
          let fired = 0;
          while (fired < 1_000 && d.running.length === 0 && d.fireTimer()) fired += 1;
          expect(fired).toBeLessThan(1_000);
        });
      }),
      { numRuns: 250 },
    );
  });
});
