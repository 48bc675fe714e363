import { describe, expect, it } from 'vitest';
import { simulateOptions } from './options.js';

describe('the options of a what-if', () => {
  it('say what is to be different', () => {
    const { change, words } = simulateOptions([
      ...[
        '--trace',
        't.jsonl',
        '--devices',
        '4',
        '--weights',
        'a=2,b=1.5',
        '--in-flight',
        'a=8',
        '--queued',
        'a=5,c=6',
      ],
    ]);
    expect(change.devices).toBe(4);
    expect([...(change.weights ?? [])]).toEqual([
      ['a', 2],
      ['b', 1.5],
    ]);
    expect([...(change.limits ?? [])]).toEqual([
      ['a', { maxInFlight: 8, maxEnqueued: 5 }],
      ['c', { maxEnqueued: 6 }],
    ]);
    expect(words).toBe('devices 4, weights a=2,b=1.5, in-flight a=8, queued a=5,c=6');
  });

  it.each([
    [[], 'Give either --trace'],
    [['--trace', 't', '--from', '2026-01-01', '--to', '2026-01-02', '--database', 'x'], 'Give either --trace'],
    [['--trace', 't', '--devices', '1.5'], '1.5 is not a whole number'],
    [['--trace', 't', '--weights', 'a=-1'], '--weights: -1 is not a number above 0'],
    [['--from', 'noon', '--to', 'dusk', '--database', 'x'], 'noon is not a time'],
  ])('refuse %j', (args, message) => {
    expect(() => simulateOptions(args)).toThrow(message);
  });
});
