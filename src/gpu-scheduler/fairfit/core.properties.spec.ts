import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreDriver, PROFILE } from '../../../test/support/core-driver.js';
import { SchedulerCore } from './core.js';
import type { EnqueuedItem } from './events.js';

const MODELS = ['model-a', 'model-b'];
const DEVICES = ['cpu:0', 'cuda:0'];

type Action = (d: CoreDriver, serial: number) => void;

const enqueue = fc
  .record({
    tenantId: fc.constantFrom('a', 'b', 'c'),
    band: fc.constantFrom('interactive' as const, 'standard' as const, 'bulk' as const),
    modelVersionId: fc.constantFrom(...MODELS),
    alone: fc.boolean(),
    size: fc.integer({ min: 1, max: 10 }),
    lifeMs: fc.option(fc.integer({ min: -2, max: 60 })),
    maxEnqueued: fc.constantFrom(6, 1024),
    maxInFlight: fc.constantFrom(null, null, 1, 3),
    afterMs: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ lifeMs, afterMs, ...facts }): Action => (d, serial) => {
    const deadlineMs = lifeMs === null ? null : d.nowMs + afterMs + lifeMs;
    d.enqueue(`item-${serial}`, { ...facts, deadlineMs }, afterMs);
  });
const finish = fc
  .record({
    how: fc.constantFrom('completed' as const, 'completed' as const, 'failed' as const),
    at: fc.nat(),
    ms: fc.nat(40),
  })
  .map(({ how, at, ms }): Action => (d) => {
    if (d.running.length > 0) d.finish(ms, how, at % d.running.length);
  });
const cancel = fc.nat().map((n): Action => (d) => {
  const ids = [...d.enqueued.keys()];
  const itemId = ids[n % Math.max(1, ids.length)];
  if (itemId) d.send({ type: 'cancel', itemId });
});
const timer = fc.nat(40).map(
  (ms): Action =>
    (d) =>
      d.timerAtMs !== null && d.send({ type: 'timer' }, ms),
);
const outlive = fc.constant<Action>((d) => d.timerAtMs !== null && d.send({ type: 'timer' }, 70_000));
const up = fc.nat(1).map(
  (n): Action =>
    (d) =>
      d.send({ type: 'deviceUp', device: DEVICES[n] as string, rank: 1 - n }),
);
const down = fc.nat(1).map(
  (n): Action =>
    (d) =>
      d.send({ type: 'deviceDown', device: DEVICES[n] as string }),
);
const load = fc.tuple(fc.nat(1), fc.constantFrom(...MODELS)).map(
  ([n, modelVersionId]): Action =>
    (d) =>
      d.send({ type: 'loaded', device: DEVICES[n] as string, modelVersionId, profiles: [PROFILE] }),
);
const refuse = fc.constantFrom(...MODELS).map(
  (modelVersionId): Action =>
    (d) =>
      d.send({ type: 'unavailable', modelVersionId, why: 'no' }),
);

const trace = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: enqueue },
    { weight: 6, arbitrary: finish },
    { weight: 2, arbitrary: cancel },
    { weight: 2, arbitrary: timer },
    { weight: 1, arbitrary: outlive },
    { weight: 2, arbitrary: up },
    { weight: 1, arbitrary: down },
    { weight: 3, arbitrary: load },
    { weight: 1, arbitrary: refuse },
  ),
  { minLength: 1, maxLength: 120 },
);

function play(actions: readonly Action[], after: (d: CoreDriver) => void = () => {}): CoreDriver {
  const d = new CoreDriver();
  d.addDevice('cpu:0', ['model-a'], 1);
  actions.forEach((action, serial) => {
    action(d, serial);
    after(d);
  });
  return d;
}

/** Ends the trace: everything loaded, every run answered. */
function settle(d: CoreDriver): void {
  for (const device of DEVICES) d.addDevice(device, MODELS);
  while (d.running.length > 0) d.finish(1);
}

const holds = (predicate: (actions: readonly Action[]) => void) =>
  fc.assert(fc.property(trace, predicate), { numRuns: 400 });

describe('SchedulerCore properties', () => {
  it('every item ends exactly once', () => {
    holds((actions) => {
      const d = play(actions);
      settle(d);
      expect(d.ends.map((e) => e.itemId).toSorted()).toEqual([...d.enqueued.keys()].toSorted());
    });
  });

  it('a drain leaves nothing behind, whatever the devices do', () => {
    holds((actions) => {
      const d = play(actions);
      d.send({ type: 'drain', untilMs: d.nowMs });
      while (d.running.length > 0) d.finish(1);
      expect(d.ends.map((e) => e.itemId).toSorted()).toEqual([...d.enqueued.keys()].toSorted());
      expect(d.core.snapshot().lanes.reduce((sum, lane) => sum + lane.queuedItems, 0)).toBe(0);
      expect(d.timerAtMs).toBeNull();
    });
  });

  it('a batch holds one lane, at most maxBatchSize rows and one item if lone; slots are gapless', () => {
    holds((actions) => {
      for (const batch of play(actions).batches) {
        expect(batch.rows).toBeLessThanOrEqual(8);
        if (batch.lane.endsWith('/alone')) expect(batch.items.length).toBe(1);
        let slot = 0;
        for (const item of batch.items) {
          expect(item.slot).toBe(slot);
          slot += item.size;
        }
        expect(batch.rows).toBe(slot);
      }
    });
  });

  it('no device is idle while it holds the model of an item that may run', () => {
    holds((actions) => {
      play(actions, (d) => {
        const free = d.core.snapshot().devices.filter((device) => device.state === 'free');
        for (const item of queuedOf(d)) {
          const mayRun = item.maxInFlight === null;
          const able = free.filter((device) => device.residentModelVersionIds.includes(item.modelVersionId));
          if (mayRun && limitOf(d, item.tenantId) === null) expect(able).toEqual([]);
        }
      });
    });
  });

  it('a tenant never has more items in flight than its limit', () => {
    holds((actions) => {
      play(actions, (d) => {
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

  it('nothing runs after its deadline', () => {
    holds((actions) => {
      play(actions, (d) => {
        const step = d.steps.at(-1);
        for (const command of step?.commands ?? []) {
          if (command.type !== 'runBatch') continue;
          for (const { itemId } of command.items) {
            const deadlineMs = d.enqueued.get(itemId)?.deadlineMs ?? Infinity;
            expect(deadlineMs).toBeGreaterThan(step?.nowMs ?? 0);
          }
        }
      });
    });
  });

  it('items of one tenant, lane and band leave in the order of their arrival', () => {
    holds((actions) => {
      const d = play(actions);
      const order = [...d.enqueued.keys()];
      const last = new Map<string, number>();
      for (const { itemId } of d.batches.flatMap((b) => b.items)) {
        const item = d.enqueued.get(itemId) as EnqueuedItem;
        const queue = `${item.tenantId}/${item.band}/${item.modelVersionId}/${item.alone}`;
        expect(order.indexOf(itemId)).toBeGreaterThan(last.get(queue) ?? -1);
        last.set(queue, order.indexOf(itemId));
      }
    });
  });

  it('the parts of a wait add up to the wait', () => {
    holds((actions) => {
      for (const slot of play(actions).batches.flatMap((b) => b.items)) {
        expect(slot.waits.reduce((sum, wait) => sum + wait.ms, 0)).toBeCloseTo(slot.waitMs, 9);
        for (const wait of slot.waits) expect(wait.ms).toBeGreaterThan(0);
      }
    });
  });

  it('predictions and limits are finite and in bounds', () => {
    holds((actions) => {
      for (const batch of play(actions).batches) {
        expect(batch.predictedMs).toBeGreaterThanOrEqual(0);
        expect(batch.deadlineMs).toBeGreaterThanOrEqual(2_000);
        expect(batch.deadlineMs).toBeLessThanOrEqual(30_000);
      }
    });
  });

  it('the same events give the same commands', () => {
    holds((actions) => {
      const d = play(actions);
      const core = new SchedulerCore();
      for (const step of d.steps) {
        expect(JSON.stringify(core.handle(step.event, step.nowMs))).toBe(JSON.stringify(step.commands));
      }
    });
  });
});

function queuedOf(d: CoreDriver): EnqueuedItem[] {
  const started = new Set(d.batches.flatMap((b) => b.items.map((i) => i.itemId)));
  return [...d.enqueued.values()].filter((item) => !d.isEnded(item.itemId) && !started.has(item.itemId));
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
