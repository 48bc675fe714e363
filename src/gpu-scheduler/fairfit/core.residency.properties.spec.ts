import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDriver, play, tightTraces } from '../../../test/support/core-traces.js';

const BUDGET_BYTES = 250;

describe('SchedulerCore: residency', () => {
  it('bytes stay within the budget; nothing that runs is evicted; a device that loads runs nothing', () => {
    fc.assert(
      fc.property(tightTraces, (actions) => {
        const d = newDriver('tight');
        play(d, actions, () => {
          for (const device of d.core.snapshot().devices) expect(device.usedBytes).toBeLessThanOrEqual(BUDGET_BYTES);
          for (const command of d.steps.at(-1)?.commands ?? []) {
            if (command.type !== 'unloadModel') continue;
            const runs = d.running.filter((run) => run.device === command.device);
            expect(runs.map((run) => run.modelVersionId)).not.toContain(command.modelVersionId);
          }
          for (const { device } of [...d.loading, ...d.unloading]) {
            expect(d.running.filter((run) => run.device === device)).toEqual([]);
          }
        });
      }),
      { numRuns: 400 },
    );
  });

  it('a batch runs only where its model is resident', () => {
    fc.assert(
      fc.property(tightTraces, (actions) => {
        const d = newDriver('tight');
        play(d, actions, () => {
          const resident = new Map(d.core.snapshot().devices.map((v) => [v.id, v.residentModelVersionIds]));
          for (const command of d.steps.at(-1)?.commands ?? []) {
            if (command.type === 'runBatch') expect(resident.get(command.device)).toContain(command.modelVersionId);
          }
        });
      }),
      { numRuns: 200 },
    );
  });
});
