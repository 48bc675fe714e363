import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatabaseSnapshot } from './database-snapshot.js';
import { QueueLedger } from './queue-ledger.js';
import { retryAfterSeconds } from './retry-after.js';

const counted = (ledger: QueueLedger, snapshot: string, jobs: Record<string, number>, atMs = 0) =>
  ledger.recount({ snapshot: new DatabaseSnapshot(snapshot), jobs: new Map(Object.entries(jobs)), atMs });

describe('QueueLedger', () => {
  it('counts an own commit once, whether the count saw it or not', () => {
    const ledger = new QueueLedger();
    for (let i = 0; i < 4; i++) ledger.admit('a');
    ledger.commit('a', '10');
    ledger.commit('a', '12');
    counted(ledger, '11:13:11', { a: 2 }); // 11 is being written and is the third
    expect(ledger.of('a').jobs).toBe(4);
    ledger.commit('a', '11');
    expect(ledger.of('a').jobs).toBe(4);
    counted(ledger, '14:14:', { a: 3 });
    expect(ledger.of('a').jobs).toBe(4);
    ledger.giveBack('a');
    expect(ledger.of('a').jobs).toBe(3);
  });

  it('learns of the commits of others and of the ends of jobs', () => {
    const ledger = new QueueLedger();
    counted(ledger, '5:5:', { a: 7, b: 1 });
    expect([ledger.of('a').jobs, ledger.of('b').jobs, ledger.total.jobs]).toEqual([7, 1, 8]);
    counted(ledger, '9:9:', { b: 2 });
    expect([ledger.of('a').jobs, ledger.of('b').jobs, ledger.total.jobs]).toEqual([0, 2, 2]);
  });

  it('is exact at every moment, in any order of commits, answers and counts', () => {
    const step = fc.constantFrom('admit', 'write', 'answer', 'fail', 'see', 'count') as fc.Arbitrary<string>;
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.constantFrom('a', 'b'), fc.nat(99)), { maxLength: 200 }), (steps) => {
        const ledger = new QueueLedger();
        const admitted: string[] = [];
        const written: { tenant: string; xid: number }[] = []; // in the database; the answer is on its way
        const rows: { tenant: string; xid: number }[] = [];
        let next = 1;
        let seen: { snapshot: string; jobs: Record<string, number> } | null = null;
        for (const [what, tenant, pick] of steps) {
          if (what === 'admit') {
            admitted.push(tenant);
            ledger.admit(tenant);
          }
          const one = admitted.length > 0 ? pick % admitted.length : -1;
          if (what === 'fail' && one >= 0) ledger.giveBack(admitted.splice(one, 1)[0]!);
          if (what === 'write' && one >= 0) {
            const row = { tenant: admitted.splice(one, 1)[0]!, xid: next++ };
            written.push(row);
            rows.push(row);
          }
          if (what === 'answer' && written.length > 0) {
            const row = written.splice(pick % written.length, 1)[0]!;
            ledger.commit(row.tenant, String(row.xid));
          }
          const jobs = Object.fromEntries(['a', 'b'].map((t) => [t, rows.filter((r) => r.tenant === t).length]));
          if (what === 'see') seen = { snapshot: `${next}:${next}:`, jobs };
          if (what === 'count' && seen) {
            counted(ledger, seen.snapshot, seen.jobs);
            seen = null;
          }
        }
        counted(ledger, `${next}:${next}:`, {
          a: rows.filter((r) => r.tenant === 'a').length,
          b: rows.filter((r) => r.tenant === 'b').length,
        });
        for (const row of written) ledger.commit(row.tenant, String(row.xid));
        for (const tenant of ['a', 'b']) {
          const own = [...rows.map((r) => r.tenant), ...admitted].filter((t) => t === tenant).length;
          expect(ledger.of(tenant).jobs).toBe(own);
        }
        expect(ledger.total.jobs).toBe(rows.length + admitted.length);
      }),
    );
  });

  it('never counts less than there is while answers are on their way', () => {
    const ledger = new QueueLedger();
    ledger.admit('a');
    counted(ledger, '8:8:', { a: 1 }); // its commit is in the count, its answer is not here yet
    expect(ledger.of('a').jobs).toBe(2);
    ledger.commit('a', '7');
    expect(ledger.of('a').jobs).toBe(1);
  });
});

describe('Retry-After', () => {
  const drained = (perSecond: number) => {
    const ledger = new QueueLedger();
    counted(ledger, '1:1:', { a: 1000 + perSecond }, 0);
    counted(ledger, '2:2:', { a: 1000 }, 1_000);
    return retryAfterSeconds(ledger.of('a'), 1000);
  };

  it('is the time until a hundredth of the queue has left', () => {
    expect([drained(1000), drained(10), drained(5), drained(2)]).toEqual([1, 1, 2, 5]);
  });

  it('is a minute at most, and five seconds while nobody can tell', () => {
    expect(drained(0)).toBe(60);
    const unknown = new QueueLedger();
    counted(unknown, '1:1:', { a: 10 });
    expect(retryAfterSeconds(unknown.of('a'), 10)).toBe(5);
  });

  it('does not take our own submits for jobs that never left', () => {
    const ledger = new QueueLedger();
    counted(ledger, '10:10:', { a: 100 }, 0);
    for (let i = 0; i < 50; i++) {
      ledger.admit('a');
      ledger.commit('a', '11');
    }
    counted(ledger, '12:12:', { a: 100 }, 1_000); // 50 came, 50 left
    expect(retryAfterSeconds(ledger.of('a'), 100)).toBe(1);
  });
});
