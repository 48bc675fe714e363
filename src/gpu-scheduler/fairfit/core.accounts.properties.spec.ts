import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemOf } from '../../../test/support/core-driver.js';
import {
  type Action,
  calmTraces,
  check,
  newDriver,
  play,
  replayTrace,
  tightTraces,
  type TraceStep,
  wildTraces,
} from '../../../test/support/core-traces.js';
import { SchedulerCore } from './core.js';

const holds = (traces: fc.Arbitrary<Action[]>, predicate: (actions: readonly Action[]) => void) =>
  fc.assert(fc.property(traces, predicate), { numRuns: 250 });

describe('SchedulerCore: accounts', () => {
  it('system virtual time never falls, nor does a tenant start behind it', () => {
    holds(wildTraces, (actions) => {
      const d = newDriver('wild');
      let before = d.core.snapshot().bands.map(({ vtimeMs }) => vtimeMs);
      play(d, actions, () => {
        const { bands, tenants } = d.core.snapshot();
        bands.forEach(({ vtimeMs }, i) => expect(vtimeMs).toBeGreaterThanOrEqual(before[i] ?? 0));
        before = bands.map(({ vtimeMs }) => vtimeMs);
        const event = d.steps.at(-1)?.event;
        if (event?.type !== 'enqueue') return;
        const { tenantId, band, size } = event.item;
        const queued = tenants.find((t) => t.tenantId === tenantId)?.queuedRows[band] ?? 0;
        const account = d.core.exportState().accounts.find((a) => a.tenantId === tenantId);
        if (queued === size && account) expect(account.lagMs[band]).toBeGreaterThanOrEqual(-1e-6);
      });
    });
  });

  it('what a tenant was served falls only when a run is reconciled', () => {
    holds(wildTraces, (actions) => {
      const d = newDriver('wild');
      let before = new Map<string, number>();
      play(d, actions, () => {
        const step = d.steps.at(-1);
        const isEnd = step?.event.type === 'completed' || step?.event.type === 'failed';
        const gaveUp = step?.commands.some((command) => command.type === 'abandonBatch');
        const after = new Map(d.core.exportState().accounts.map((a) => [a.tenantId, a.chargedDeviceMs]));
        for (const [tenantId, ms] of after) {
          if (!isEnd && !gaveUp) expect(ms).toBeGreaterThanOrEqual((before.get(tenantId) ?? 0) - 1e-9);
          expect(ms).toBeGreaterThanOrEqual(-1e-6);
        }
        before = after;
      });
    });
  });

  it('a refused item leaves no trace', () => {
    holds(calmTraces, (actions) => {
      const d = play(newDriver('calm'), actions);
      check(d, () => {
        d.send({ type: 'timer' });
        const before = JSON.stringify([d.core.snapshot(), d.core.exportState()]);
        for (const facts of [
          { maxEnqueued: 0 },
          { size: 9 },
          { deadlineMs: 0 },
          { weight: 0 },
          { weight: Number.NaN },
        ]) {
          const commands = d.core.handle(
            { type: 'enqueue', item: itemOf('refused', { tenantId: 'new', ...facts }) },
            0,
          );
          expect(commands).toMatchObject([{ type: 'reject', itemId: 'refused' }]);
        }
        expect(JSON.stringify([d.core.snapshot(), d.core.exportState()])).toBe(before);
      });
    });
  });

  it('multiplying all weights changes no decision', () => {
    holds(tightTraces, (actions) => {
      const d = play(newDriver('tight'), actions);
      const scaled = d.steps.map(({ event, nowMs }): TraceStep => {
        if (event.type !== 'enqueue') return [event, nowMs];
        return [{ ...event, item: { ...event.item, weight: event.item.weight * 8 } }, nowMs];
      });
      check(d, () => expect(JSON.stringify(replayTrace(scaled))).toBe(JSON.stringify(d.steps.map((s) => s.commands))));
    });
  });

  it('the same events give the same commands', () => {
    holds(tightTraces, (actions) => {
      const d = play(newDriver('tight'), actions);
      const trace = JSON.parse(JSON.stringify(d.steps.map(({ event, nowMs }) => [event, nowMs]))) as TraceStep[];
      check(d, () => expect(JSON.stringify(replayTrace(trace))).toBe(JSON.stringify(d.steps.map((s) => s.commands))));
    });
  });

  it('after a restart nobody is further ahead than the slack, and who was behind comes first', () => {
    holds(calmTraces, (actions) => {
      const d = play(newDriver('calm'), actions);
      check(d, () => {
        const state = JSON.parse(JSON.stringify(d.core.exportState())) as ReturnType<SchedulerCore['exportState']>;
        const next = new SchedulerCore();
        next.handle({ type: 'restore', state }, 0);
        const restored = next.exportState();
        for (const [i, { lagMs, weight, tenantId }] of restored.accounts.entries()) {
          expect(tenantId).toBe(state.accounts[i]?.tenantId);
          for (const band of ['interactive', 'standard', 'bulk'] as const) {
            const lag = Math.max(0, Math.min(2_000 / weight, state.accounts[i]?.lagMs[band] ?? 0));
            expect(lagMs[band]).toBeCloseTo(lag, 9);
          }
        }
        expect(restored.costs).toEqual(state.costs);
      });
    });
  });
});
