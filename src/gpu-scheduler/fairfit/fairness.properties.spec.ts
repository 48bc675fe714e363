import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreDriver } from '../../../test/support/core-driver.js';

describe('round robin', () => {
  it('two tenants that always have work queued are served alike, to one item, at any sizes and next to any others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 60 }),
        (sizesA, sizesB, others) => {
          const d = new CoreDriver();
          d.addDevice();
          const served = new Map([
            ['a', 0],
            ['b', 0],
          ]);
          let serial = 0;
          const sizes: Record<string, number[]> = { a: sizesA, b: sizesB };
          const add = (tenantId: string) => {
            const own = sizes[tenantId] ?? [1];
            d.enqueue(`${tenantId}-${serial}`, { tenantId, size: own[serial % own.length] as number });
            serial += 1;
          };
          d.enqueue('first', { tenantId: 'w' });
          for (let i = 0; i < 10; i += 1) for (const tenantId of ['a', 'b']) add(tenantId);
          for (const other of [...others, 'x', 'x']) {
            add(other);
            d.finish();
            for (const id of d.lastBatch()) {
              const tenantId = id.split('-')[0] as string;
              if (!served.has(tenantId)) continue;
              served.set(tenantId, (served.get(tenantId) ?? 0) + 1);
              add(tenantId);
            }
            expect(Math.abs((served.get('a') ?? 0) - (served.get('b') ?? 0))).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('models that always have work queued are served alike, to one batch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 5, max: 40 }), (models, turns) => {
        const d = new CoreDriver();
        const names = Array.from({ length: models }, (_, i) => `model-${i}`);
        d.addDevice('cpu:0', names);
        let serial = 0;
        const add = (modelVersionId: string) => d.enqueue(`${(serial += 1)}`, { modelVersionId });
        for (let i = 0; i < 9; i += 1) for (const name of names) add(name);
        const counts = new Map(names.map((name) => [name, 0]));
        for (let turn = 0; turn < turns; turn += 1) {
          d.finish();
          const run = d.batches.at(-1);
          for (const _ of run?.items ?? []) add(run?.modelVersionId as string);
          counts.set(run?.modelVersionId as string, (counts.get(run?.modelVersionId as string) ?? 0) + 1);
          expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
