import { describe, expect, it } from 'vitest';
import { SharedReads } from './shared-reads.js';

/** A table whose statements end when the test says so. */
class Statements {
  readonly asked: { tenantId: string; ids: string[]; end: PromiseWithResolvers<void> }[] = [];
  readonly reads = new SharedReads<{ id: string }>(async (tenantId, ids) => {
    const end = Promise.withResolvers<void>();
    this.asked.push({ tenantId, ids, end });
    await end.promise;
    return ids.filter((id) => id !== 'unknown').map((id) => ({ id }));
  });

  async begun(count: number): Promise<void> {
    while (this.asked.length < count) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('SharedReads', () => {
  it('reads what was asked in one tick together, and each id once', async () => {
    const statements = new Statements();
    const answers = ['a', 'b', 'a', 'unknown'].map((id) => statements.reads.get('t', id));
    await statements.begun(1);
    expect(statements.asked[0]!.ids).toEqual(['a', 'b', 'unknown']);
    statements.asked[0]!.end.resolve();
    expect(await Promise.all(answers)).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'a' }, null]);
  });

  it('begins a new read for what is asked while one is under way: it must see later commits', async () => {
    const statements = new Statements();
    const first = statements.reads.get('t', 'a');
    await statements.begun(1);
    const later = [statements.reads.get('t', 'a'), statements.reads.get('t', 'b')];
    statements.asked[0]!.end.resolve();
    await first;
    await statements.begun(2);
    expect(statements.asked[1]!.ids).toEqual(['a', 'b']);
    statements.asked[1]!.end.resolve();
    expect(await Promise.all(later)).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('keeps tenants apart, at most four statements at a time and 200 ids each', async () => {
    const statements = new Statements();
    const ids = Array.from({ length: 450 }, (_, i) => String(i));
    const large = ids.map((id) => statements.reads.get('large', id));
    const others = ['b', 'c', 'd', 'e'].map((tenantId) => statements.reads.get(tenantId, 'x'));
    await statements.begun(4);
    expect(statements.asked.map(({ tenantId, ids: { length } }) => `${tenantId} ${length}`)).toEqual([
      'large 200',
      'b 1',
      'c 1',
      'd 1',
    ]);
    for (let i = 0; i < 7; i++) {
      await statements.begun(i + 1);
      statements.asked[i]!.end.resolve();
    }
    expect((await Promise.all([...large, ...others])).length).toBe(454);
    expect(statements.asked.slice(4).map(({ tenantId, ids: { length } }) => `${tenantId} ${length}`)).toEqual([
      'e 1',
      'large 200',
      'large 50',
    ]);
  });

  it('fails those who asked, and nobody after them', async () => {
    const statements = new Statements();
    const failing = [statements.reads.get('t', 'a'), statements.reads.get('t', 'b')];
    await statements.begun(1);
    const next = statements.reads.get('t', 'c');
    statements.asked[0]!.end.reject(new Error('gone'));
    for (const read of failing) await expect(read).rejects.toThrow('gone');
    await statements.begun(2);
    statements.asked[1]!.end.resolve();
    expect(await next).toEqual({ id: 'c' });
  });
});
