import { expect, it } from 'vitest';
import { takeInTurns } from './take-in-turns.js';

const holderOf = (item: string): string => item[0] ?? '';

it('takes everything when it fits', () => {
  expect(takeInTurns(['a1', 'b1', 'a2'], 3, holderOf)).toEqual([['a1', 'b1', 'a2'], []]);
});

it('takes of each holder in turn, in order, and leaves the rest in order', () => {
  const items = ['a1', 'a2', 'a3', 'a4', 'b1', 'a5', 'c1', 'b2'];
  expect(takeInTurns(items, 5, holderOf)).toEqual([
    ['a1', 'a2', 'b1', 'c1', 'b2'],
    ['a3', 'a4', 'a5'],
  ]);
});

it('lets nobody wait behind all of another one', () => {
  const flood = Array.from({ length: 10_000 }, (_, i) => `f${i}`);
  const [taken, rest] = takeInTurns([...flood, 'v1'], 500, holderOf);
  expect(taken).toContain('v1');
  expect(taken).toHaveLength(500);
  expect(rest).toHaveLength(9_501);
});
