import { expect, it } from 'vitest';
import { strongest } from './strongest.js';

const found = [0.2, 0.9, 0.5, 0.7].map((score, at) => ({ at, score }));

it('keeps everything while it is not too much', () => {
  expect(strongest(found, 4)).toEqual({ kept: found, truncated: false });
});

it('keeps the best in their order, and says that it left some out', () => {
  const { kept, truncated } = strongest(found, 2);
  expect([kept.map(({ at }) => at), truncated]).toEqual([[1, 3], true]);
});
