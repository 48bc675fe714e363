import { describe, expect, it } from 'vitest';
import { FairTurns, type Turn } from './fair-turns.js';

describe('FairTurns', () => {
  /** Lends its only item to each caller in turn, and notes who had it. */
  async function orderOf(turns: readonly Turn[], given = turns.length): Promise<string[]> {
    const set = new FairTurns(['slot']);
    const order: string[] = [];
    const first = await set.take({ holder: 'first' });
    const waiting = turns.map((turn) =>
      set.take(turn).then((item) => {
        order.push(turn.holder + (turn.rank ?? ''));
        if (order.length < given) set.give(item);
      }),
    );
    set.give(first);
    await Promise.race([Promise.all(waiting), new Promise((done) => setImmediate(done))]);
    return order;
  }
  const times = (count: number, turn: Turn): Turn[] => Array.from({ length: count }, () => turn);

  it('gives a newcomer the next turn, however many others wait', async () => {
    const order = await orderOf([...times(100, { holder: 'flood' }), { holder: 'victim' }]);
    expect(order.indexOf('victim')).toBeLessThanOrEqual(1);
    expect(order).toHaveLength(101);
  });

  it('shares turns by weight', async () => {
    const turns = [...times(90, { holder: 'one', weight: 1 }), ...times(90, { holder: 'two', weight: 2 })];
    const order = await orderOf(turns, 90);
    expect(order.filter((holder) => holder === 'one').length).toBeGreaterThanOrEqual(29);
    expect(order.filter((holder) => holder === 'one').length).toBeLessThanOrEqual(31);
  });

  it("serves a holder's own by rank, then in order of arrival", async () => {
    const own = (rank: number): Turn => ({ holder: 'a', rank });
    expect(await orderOf([own(2), own(1), own(2), own(0), own(1)])).toEqual(['a0', 'a1', 'a1', 'a2', 'a2']);
  });

  it('saves nothing up for a holder that pauses', async () => {
    const set = new FairTurns([0]);
    for (let i = 0; i < 50; i++) set.give(await set.take({ holder: 'busy' }));
    const order: string[] = [];
    const held = await set.take({ holder: 'busy' });
    const wait = (holder: string) =>
      set.take({ holder }).then((item) => {
        order.push(holder);
        set.give(item);
      });
    const all = [...times(4, { holder: 'late' }), ...times(4, { holder: 'busy' })].map(({ holder }) => wait(holder));
    set.give(held);
    await Promise.all(all);
    expect(order.slice(0, 4).filter((holder) => holder === 'busy').length).toBeGreaterThanOrEqual(1);
  });

  it('forgets who leaves while waiting, and rejects all when it is closed', async () => {
    const set = new FairTurns([0]);
    const held = await set.take({ holder: 'a' });
    const leaving = new AbortController();
    const left = set.take({ holder: 'b' }, leaving.signal);
    const stays = set.take({ holder: 'b' });
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    set.give(held);
    expect(await stays).toBe(0);
    const late = set.take({ holder: 'c' });
    set.close(new Error('closed'));
    await expect(late).rejects.toThrow('closed');
    await expect(set.take({ holder: 'c' })).rejects.toThrow('closed');
    expect(set.waiting).toBe(0);
  });

  it('gives the item back when the work fails', async () => {
    const set = new FairTurns([0]);
    await expect(set.run({ holder: 'a' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await set.run({ holder: 'a' }, (item) => Promise.resolve(item + 1))).toBe(1);
  });
});
