import { expect, it } from 'vitest';
import { Results } from './results.js';
import { atLeast, atMost } from './verdict.js';

it('judges the worst seed and shows the median', () => {
  expect(atLeast('x', [3, 1, 2], 1)).toMatchObject({ worst: 1, median: 2, isMet: true });
  expect(atMost('x', [3, 1, 2, 9], 3)).toMatchObject({ worst: 9, median: 2.5, isMet: false });
});

it('compares with the best rival of the same seed', () => {
  const results = new Results();
  const add = (policy: string, ...values: number[]) =>
    values.forEach((x) => results.add('cell', policy, { knob: '', figures: { x } }));
  add('own', 9, 30);
  add('a', 10, 20);
  add('b', 5, 25);
  expect(results.ratios('cell', 'own', ['a', 'b', 'absent'], 'x')).toEqual([0.9, 1.2]);
  expect(results.ratios('cell', 'own', ['absent'], 'x')).toEqual([]);
});
