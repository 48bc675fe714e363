import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoreDriver } from '../../../test/support/core-driver.js';
import { type Action, calmTraces, check, newDriver, play, wildTraces } from '../../../test/support/core-traces.js';
import type { RunBatchCommand } from './commands.js';
import type { EnqueuedItem } from './events.js';

const holds = (traces: fc.Arbitrary<Action[]>, predicate: (actions: readonly Action[]) => void) =>
  fc.assert(fc.property(traces, predicate), { numRuns: 300 });

describe('SchedulerCore: batches', () => {
  it('a batch holds one lane, at most maxBatchSize rows and one item if lone; slots are gapless', () => {
    holds(wildTraces, (actions) => {
      const d = play(newDriver('wild'), actions);
      check(d, () => {
        for (const batch of d.batches) {
          expect(batch.rows).toBeLessThanOrEqual(8);
          if (batch.lane.endsWith('/alone')) expect(batch.items.length).toBe(1);
          let slot = 0;
          for (const item of batch.items) {
            const facts = d.enqueued.get(item.itemId);
            expect([facts?.modelVersionId, facts?.size]).toEqual([batch.modelVersionId, item.size]);
            expect(item.slot).toBe(slot);
            slot += item.size;
          }
          expect(batch.rows).toBe(slot);
        }
      });
    });
  });

  it('every dated item is planned to finish by its deadline', () => {
    holds(wildTraces, (actions) => {
      const d = play(newDriver('wild'), actions);
      check(d, () => {
        for (const [batch, startMs] of runsOf(d)) {
          for (const item of datedOf(d, batch)) {
            expect(item.deadlineMs).toBeGreaterThanOrEqual(startMs + batch.predictedMs - 1e-6);
          }
        }
      });
    });
  });

  it('nobody overtakes an older item of its own tenant, lane and band that would have fitted', () => {
    holds(calmTraces, (actions) => {
      const waiting = new Map<string, EnqueuedItem>();
      const d = newDriver('calm');
      play(d, actions, () => {
        const step = d.steps.at(-1);
        for (const [id, item] of d.enqueued) if (!waiting.has(id)) waiting.set(id, item);
        const finishMs = (rows: number) =>
          d.core.snapshot().costs.map((c) => (c.a * rows + c.c) * (1 + c.sigma) + c.overheadMs);
        for (const command of step?.commands ?? []) {
          if (command.type !== 'runBatch') continue;
          const latestMs = d.nowMs + Math.max(...finishMs(8));
          const taken = command.items.map(({ itemId }) => d.enqueued.get(itemId) as EnqueuedItem);
          const ids = new Set(taken.map(({ itemId }) => itemId));
          for (const late of taken) {
            for (const early of waiting.values()) {
              if (ids.has(early.itemId) || d.isEnded(early.itemId) || !isSameQueue(early, late)) continue;
              if (hasRun(d, early.itemId) || early.deadlineAction === 'demote' || late.deadlineAction === 'demote')
                continue;
              if (early.deadlineMs === null || late.deadlineMs === null || early.deadlineMs >= late.deadlineMs)
                continue;
              expect(early.deadlineMs < latestMs || early.size > late.size).toBe(true);
            }
          }
        }
      });
    });
  });

  it('no device is idle while it holds the model of an item that may run and can finish in time', () => {
    for (const [kind, traces] of [
      ['calm', calmTraces],
      ['wild', wildTraces],
    ] as const) {
      holds(traces, (actions) => {
        const d = newDriver(kind, { hold: false });
        play(d, actions, () => expectBusy(d));
      });
    }
  });

  it('a tenant never has more items in flight than its limit', () => {
    holds(wildTraces, (actions) => {
      const d = newDriver('wild');
      play(d, actions, () => {
        for (const command of d.steps.at(-1)?.commands ?? []) {
          if (command.type !== 'runBatch') continue;
          for (const slot of command.items) {
            const tenantId = d.enqueued.get(slot.itemId)?.tenantId ?? '';
            const limit = limitOf(d, tenantId);
            if (limit !== null) expect(inFlightOf(d, tenantId)).toBeLessThanOrEqual(limit);
          }
        }
      });
    });
  });
});

function runsOf(d: CoreDriver): (readonly [RunBatchCommand, number])[] {
  let nowMs = 0;
  return d.steps.flatMap((step) => {
    nowMs = Math.max(nowMs, step.nowMs);
    return step.commands.flatMap((c) => (c.type === 'runBatch' ? [[c, nowMs] as const] : []));
  });
}

function datedOf(d: CoreDriver, batch: RunBatchCommand): (EnqueuedItem & { readonly deadlineMs: number })[] {
  return batch.items.flatMap(({ itemId }) => {
    const item = d.enqueued.get(itemId);
    if (!item || item.deadlineMs === null || item.deadlineAction === 'demote') return [];
    return [{ ...item, deadlineMs: item.deadlineMs }];
  });
}

function isSameQueue(x: EnqueuedItem, y: EnqueuedItem): boolean {
  return (
    x.tenantId === y.tenantId &&
    x.band === y.band &&
    x.modelVersionId === y.modelVersionId &&
    x.shapeBucket === y.shapeBucket &&
    x.alone === y.alone
  );
}

function hasRun(d: CoreDriver, itemId: string): boolean {
  return d.batches.some((batch) => batch.items.some((slot) => slot.itemId === itemId));
}

function expectBusy(d: CoreDriver): void {
  const { devices, costs } = d.core.snapshot();
  const free = devices.filter((device) => device.state === 'free');
  if (free.length === 0) return;
  const nowMs = d.steps.reduce((latest, step) => Math.max(latest, step.nowMs), 0);
  for (const item of d.enqueued.values()) {
    if (d.isEnded(item.itemId) || hasRun(d, item.itemId)) continue;
    const limit = limitOf(d, item.tenantId);
    if (limit !== null && inFlightOf(d, item.tenantId) >= limit) continue;
    for (const device of free) {
      if (!device.residentModelVersionIds.includes(item.modelVersionId)) continue;
      const cost = costs.find((c) => c.modelVersionId === item.modelVersionId && c.deviceClass === device.deviceClass);
      const upperMs = cost ? (cost.a * item.size + cost.c) * (1 + cost.sigma) + cost.overheadMs : 0;
      const isInTime = item.deadlineMs === null || item.deadlineMs > nowMs + upperMs + 1e-6;
      if (isInTime) expect({ idle: device.id, waits: item.itemId }).toBeNull();
    }
  }
}

/** The limit of the tenant's latest accepted item holds. */
function limitOf(d: CoreDriver, tenantId: string): number | null {
  const refused = new Set(
    d.steps.flatMap(({ event, commands }) =>
      event.type === 'enqueue' && commands.some((c) => c.type === 'reject' && c.itemId === event.item.itemId)
        ? [event.item.itemId]
        : [],
    ),
  );
  const own = [...d.enqueued.values()].filter((item) => item.tenantId === tenantId && !refused.has(item.itemId));
  return own.at(-1)?.maxInFlight ?? null;
}

function inFlightOf(d: CoreDriver, tenantId: string): number {
  const ids = d.running.flatMap((b) => b.items.map((i) => i.itemId));
  return ids.filter((id) => d.enqueued.get(id)?.tenantId === tenantId && !d.isEnded(id)).length;
}
