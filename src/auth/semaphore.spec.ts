import { expect, it } from 'vitest';
import { Semaphore } from './semaphore.js';

it('runs as many as it has slots, in order, and goes on after a failure', async () => {
  const semaphore = new Semaphore(2);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const started: number[] = [];
  const runs = gates.map((gate, i) =>
    semaphore.run(async () => {
      started.push(i);
      await gate.promise;
    }),
  );
  const results = Promise.allSettled(runs);
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  gates[1]!.reject(new Error('no'));
  await runs[1]!.catch(() => undefined);
  expect(started).toEqual([0, 1, 2]);
  gates.forEach((gate) => gate.resolve());
  expect((await results).map((r) => r.status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});
