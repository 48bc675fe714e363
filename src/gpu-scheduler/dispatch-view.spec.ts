import { expect, it } from 'vitest';
import { SchedulerBench } from '../../test/support/scheduler-bench.js';
import { latestDispatches } from './dispatch-view.js';

it('tells of the latest inference batches, newest first, at wall-clock times', async () => {
  const bench = await new SchedulerBench().ready();
  bench.runtime.isAutomatic = true;
  for (const size of [1, 2, 3]) {
    bench.clock.elapsedMs += 1_000;
    await bench.scheduler.submit(bench.item(`${size}`, { size }));
  }
  const { dispatches } = bench.scheduler.stats();
  expect(dispatches.map(({ rows }) => rows)).toEqual([3, 2, 1]);
  expect(dispatches[0]).toMatchObject({
    at: new Date(bench.clock.now()).toISOString(),
    device: 'cpu:0',
    band: 'standard',
    items: 1,
    dispatchReason: 'device_free',
    loadMs: 0,
  });
  expect(dispatches[0]?.lane).toMatch(/^mdl_\w+\/default$/);
  expect(latestDispatches(bench.scheduler.decisions(), 2, (ms) => ms)).toHaveLength(2);
});
