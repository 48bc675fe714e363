import { describe, expect, it } from 'vitest';
import { benchOptions } from './options.js';
import { plan } from './plan.js';

describe('the options of the benchmark', () => {
  it('narrow the plan to a workload, policies and seeds', () => {
    const options = benchOptions(['--workload', 'c', '--policy', 'fairfit,nexus', '--seeds', '2']);
    expect(options.hasCost).toBe(false);
    const tasks = plan(options);
    expect(tasks.map(({ cell, seed }) => `${cell} ${seed}`)).toEqual([
      'C1 exact 11',
      'C1 exact 12',
      'C2 noise 10 % 11',
      'C2 noise 10 % 12',
    ]);
    expect(tasks[0]?.policies).toEqual(['fairfit', 'nexus']);
  });

  it('run five seeds of everything, one when quick', () => {
    expect(new Set(plan(benchOptions([])).map(({ workload }) => workload)).size).toBeGreaterThanOrEqual(17);
    expect(benchOptions([])).toMatchObject({ seeds: 5, hasCost: true });
    expect(benchOptions(['--quick']).seeds).toBe(1);
  });

  it.each([
    [['--workload', 'Z'], 'There is no workload Z; choose among A, B'],
    [['--policy', 'magic'], 'There is no policy magic; choose among triton'],
    [['--seeds', '0'], '0 is not a count'],
  ])('refuse %j', (args, message) => {
    expect(() => benchOptions(args)).toThrow(message);
  });
});
