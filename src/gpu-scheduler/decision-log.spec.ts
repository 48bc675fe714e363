import { describe, expect, it } from 'vitest';
import { itemOf, PROFILE } from '../../test/support/core-driver.js';
import { DecisionLog, replay } from './decision-log.js';
import { SchedulerCore } from './fairfit/core.js';
import type { SchedulerEvent } from './fairfit/events.js';

function played(capacity: number, items: number): DecisionLog {
  const log = new DecisionLog(capacity);
  const core = new SchedulerCore();
  const play = (event: SchedulerEvent, nowMs: number) => log.add(event, nowMs, core.handle(event, nowMs));
  play({ type: 'deviceUp', device: 'cpu:0', rank: 0 }, 0);
  play({ type: 'loaded', device: 'cpu:0', modelVersionId: 'model-a', profiles: [PROFILE] }, 1);
  for (let i = 0; i < items; i += 1) play({ type: 'enqueue', item: itemOf(`${i}`) }, 2 + i);
  play({ type: 'completed', batch: 1, deviceMs: 12.5 }, 50);
  return log;
}

describe('DecisionLog', () => {
  it('replays to the same commands', () => {
    const log = played(100, 5);
    expect(log.isComplete).toBe(true);
    expect(log.entries().at(-1)?.commands).toMatchObject([{ type: 'runBatch', rows: 4 }, { type: 'armTimer' }]);
    expect(replay(log.entries())).toBeNull();
  });

  it('finds the first decision that differs', () => {
    const entries = played(100, 5).entries();
    const changed = entries.map((entry) => (entry.seq === 7 ? { ...entry, commands: [] } : entry));
    expect(replay(changed)).toMatchObject({ decision: { seq: 7 }, commands: [{ type: 'runBatch' }, {}] });
  });

  it('keeps the latest decisions in order and says that it lost some', () => {
    const log = played(4, 5);
    expect(log.isComplete).toBe(false);
    expect(log.entries().map((entry) => entry.seq)).toEqual([4, 5, 6, 7]);
  });
});
