import { describe, expect, it } from 'vitest';
import { itemOf, PROFILE } from '../../../test/support/core-driver.js';
import { SchedulerCore } from './core.js';

const ROUNDS = 60;

interface Shape {
  readonly queued: number;
  readonly tenants: number;
  readonly lanes: number;
  readonly devices: number;
  readonly sloMs: number;
}

/** Steps per dispatched row and per enqueue with a queue of a given length, counted, not timed. */
function stepsOf({ queued, tenants, lanes, devices, sloMs }: Shape): { dispatch: number; enqueue: number } {
  const core = new SchedulerCore();
  const running: { batch: number; rows: number }[] = [];
  let serial = 0;
  let nowMs = 0;
  const send = (event: Parameters<SchedulerCore['handle']>[0]) => {
    for (const command of core.handle(event, nowMs)) {
      if (command.type === 'runBatch') running.push({ batch: command.batch, rows: command.rows });
    }
  };
  for (let device = 0; device < devices; device += 1) {
    send({ type: 'deviceUp', device: `d${device}`, rank: device, deviceClass: 'gpu' });
    for (let lane = 0; lane < lanes; lane += 1) {
      send({ type: 'loaded', device: `d${device}`, modelVersionId: `m${lane}`, profiles: [PROFILE] });
    }
  }
  const add = () => {
    const hash = Math.imul(serial, 2_654_435_761) >>> 0;
    const facts = { tenantId: `t${hash % tenants}`, modelVersionId: `m${(hash >>> 12) % lanes}`, maxBatchSize: 32 };
    const deadlineMs = nowMs + sloMs * (1 + (hash % 1000) / 1000);
    send({ type: 'enqueue', item: itemOf(`i${(serial += 1)}`, { ...facts, deadlineMs, maxEnqueued: 1e9 }) });
  };
  for (let i = 0; i < queued; i += 1) add();
  const counts = { dispatch: 0, enqueue: 0 };
  let rows = 0;
  let added = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = running.shift();
    if (!run) break;
    nowMs += 1;
    const before = core.work.steps;
    send({ type: 'completed', batch: run.batch, deviceMs: run.rows + 5 });
    counts.dispatch += core.work.steps - before;
    rows += run.rows;
    const middle = core.work.steps;
    for (let i = 0; i < run.rows; i += 1) add();
    counts.enqueue += core.work.steps - middle;
    added += run.rows;
  }
  return { dispatch: counts.dispatch / rows, enqueue: counts.enqueue / added };
}

describe('work of a decision', () => {
  const shape = { tenants: 200, lanes: 40, devices: 4, sloMs: 600_000 };

  it('grows like the logarithm of the queue', () => {
    const few = stepsOf({ ...shape, queued: 500 });
    const many = stepsOf({ ...shape, queued: 32_000 });
    // 64 times as much queued: log2 grows from 9 to 15.
    expect(many.dispatch / few.dispatch).toBeLessThan(2.5);
    expect(many.enqueue / few.enqueue).toBeLessThan(2.5);
  }, 60_000);

  it('does not look at every lane', () => {
    const few = stepsOf({ ...shape, lanes: 10, queued: 4_000 });
    const many = stepsOf({ ...shape, lanes: 320, queued: 4_000 });
    expect(many.dispatch / few.dispatch).toBeLessThan(2.5);
    expect(many.enqueue / few.enqueue).toBeLessThan(2.5);
  }, 60_000);

  it('does not depend on the number of devices that hold the same models', () => {
    const one = stepsOf({ ...shape, devices: 1, queued: 4_000 });
    const many = stepsOf({ ...shape, devices: 16, queued: 4_000 });
    expect(many.enqueue / one.enqueue).toBeLessThan(1.5);
  }, 60_000);

  it('expires ten thousand items at O(log n) each', () => {
    const core = new SchedulerCore();
    core.handle({ type: 'deviceUp', device: 'd', rank: 0 }, 0);
    core.handle({ type: 'loaded', device: 'd', modelVersionId: 'model-a', profiles: [PROFILE] }, 0);
    for (let i = 0; i < 10_000; i += 1) {
      const facts = { tenantId: `t${i % 100}`, deadlineMs: 1_000 + (i % 7), maxEnqueued: 1e9 };
      core.handle({ type: 'enqueue', item: itemOf(`i${i}`, facts) }, 0);
    }
    const before = core.work.steps;
    const commands = core.handle({ type: 'timer' }, 5_000);
    expect(commands.filter((command) => command.type === 'reject').length).toBe(10_000 - 1);
    expect((core.work.steps - before) / 10_000).toBeLessThan(20 * Math.log2(10_000));
  });
});
