import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { itemOf, PROFILE } from '../../test/support/core-driver.js';
import { newDriver, play, wildTraces } from '../../test/support/core-traces.js';
import { ManualClock } from '../../test/support/scheduler-bench.js';
import { DecisionLog, type Recording, replay } from './decision-log.js';
import { SchedulerCore } from './fairfit/core.js';
import type { SchedulerEvent } from './fairfit/events.js';

function played(checkpointEvery: number, items: number): DecisionLog {
  const log = new DecisionLog(checkpointEvery, new ManualClock());
  const core = new SchedulerCore();
  const send = (event: SchedulerEvent, nowMs: number) => {
    log.before(core);
    log.add(event, nowMs, core.handle(event, nowMs));
  };
  send({ type: 'deviceUp', device: 'cpu:0', rank: 0 }, 0);
  send({ type: 'loaded', device: 'cpu:0', modelVersionId: 'model-a', profiles: [PROFILE] }, 1);
  for (let i = 0; i < items; i += 1) send({ type: 'enqueue', item: itemOf(`${i}`, { tenantId: `t${i % 3}` }) }, 2 + i);
  send({ type: 'completed', batch: 1, deviceMs: 12.5 }, 50);
  return log;
}
const recordingOf = (log: DecisionLog): Recording => log.recording() as Recording;

describe('DecisionLog', () => {
  it('replays to the same commands, as often as one likes', () => {
    const log = played(100, 5);
    expect(log.entries().at(-1)?.commands).toMatchObject([{ type: 'runBatch', rows: 4 }, { type: 'armTimer' }]);
    expect(replay(recordingOf(log))).toBeNull();
    expect(replay(recordingOf(log))).toBeNull();
  });

  it('finds the first decision that differs', () => {
    const { core, decisions } = recordingOf(played(100, 5));
    const changed = decisions.map((entry) => (entry.seq === 7 ? { ...entry, commands: [] } : entry));
    expect(replay({ core, decisions: changed })).toMatchObject({
      decision: { seq: 7 },
      commands: [{ type: 'runBatch' }, {}],
    });
  });

  it('keeps the latest decisions, and a core to replay them from', () => {
    const log = played(4, 40);
    expect(log.entries().map((entry) => entry.seq)).toEqual([36, 37, 38, 39, 40, 41, 42]);
    expect(log.entries().at(-1)?.commands).toMatchObject([{ type: 'runBatch', rows: 8 }, { type: 'armTimer' }]);
    expect(replay(recordingOf(log))).toBeNull();
    expect(replay({ core: new SchedulerCore(), decisions: log.entries() })).not.toBeNull();
  });

  it('goes without a core while copies take too long, and begins with one again', () => {
    const clock = new ManualClock();
    const log = new DecisionLog(4, clock);
    const core = new SchedulerCore();
    let n = 0;
    const timer = () => {
      log.before(core);
      log.add({ type: 'timer' }, n, core.handle({ type: 'timer' }, n++));
    };
    vi.spyOn(clock, 'monotonic').mockImplementation(() => (clock.elapsedMs += 1)); // so that a copy takes 1 ms
    for (let i = 0; i < 17; i++) timer();
    expect([log.recording(), log.entries().map(({ seq }) => seq)]).toEqual([null, [12, 13, 14, 15, 16]]);
    clock.elapsedMs += 300;
    for (let i = 0; i < 3; i++) timer();
    const recording = recordingOf(log);
    expect(recording.decisions.map(({ seq }) => seq)).toEqual([17, 18, 19]);
    expect(replay(recording)).toBeNull();
  });

  it('replays whatever happened, from wherever it begins', () => {
    fc.assert(
      fc.property(wildTraces, fc.integer({ min: 2, max: 12 }), (actions, checkpointEvery) => {
        const log = new DecisionLog(checkpointEvery, new ManualClock());
        const core = new SchedulerCore();
        for (const { event, nowMs } of play(newDriver('wild'), actions).steps) {
          log.before(core);
          log.add(event, nowMs, core.handle(event, nowMs));
        }
        const recording = recordingOf(log);
        expect(recording.decisions.length).toBeLessThanOrEqual(2 * checkpointEvery);
        expect(replay(recording)).toBeNull();
      }),
      { numRuns: 250 },
    );
  });
});
