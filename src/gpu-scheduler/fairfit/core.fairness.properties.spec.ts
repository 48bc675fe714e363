import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreDriver } from '../../../test/support/core-driver.js';
import { check } from '../../../test/support/core-traces.js';

const SLACK_MAX_MS = 2_000;

/** Device ms per weight that each tenant was charged. */
function servedOf(d: CoreDriver, weights: Readonly<Record<string, number>>): number[] {
  const charged = new Map(d.core.exportState().accounts.map((a) => [a.tenantId, a.chargedDeviceMs]));
  return Object.entries(weights).map(([tenantId, weight]) => (charged.get(tenantId) ?? 0) / weight);
}

describe('SchedulerCore: fairness', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 });
  const weight = fc.constantFrom(1, 2, 3, 8);

  it('tenants that always have work in a lane are served by weight, whatever their sizes and the noise of runs', () => {
    fc.assert(
      fc.property(
        fc.tuple(sizes, sizes),
        fc.tuple(weight, weight),
        fc.array(fc.integer({ min: 5, max: 20 }), { minLength: 30, maxLength: 80 }),
        (own, [a, b], runs) => {
          const d = new CoreDriver({ learnTenantCosts: false });
          d.addDevice();
          const weights = { a, b };
          let serial = 0;
          const add = (tenantId: 'a' | 'b') => {
            const mine = own[tenantId === 'a' ? 0 : 1];
            d.enqueue(`${tenantId}-${serial}`, {
              tenantId,
              weight: weights[tenantId],
              size: mine[serial % mine.length] as number,
            });
            serial += 1;
          };
          for (let i = 0; i < 12; i += 1) for (const tenantId of ['a', 'b'] as const) add(tenantId);
          const before = servedOf(d, weights);
          for (const ms of runs) {
            d.finish(ms);
            for (const id of d.lastBatch()) add(id.startsWith('a') ? 'a' : 'b');
            const [ofA, ofB] = servedOf(d, weights).map((ms, i) => ms - (before[i] ?? 0));
            // One lane: no slack between lanes. One batch in flight and its correction.
            check(d, () => expect(Math.abs((ofA ?? 0) - (ofB ?? 0))).toBeLessThanOrEqual((3 * 30) / Math.min(a, b)));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('small items do not outrun large ones by filling the room that these leave', () => {
    const d = new CoreDriver();
    d.addDevice();
    const weights = { large: 8, small: 1 };
    let serial = 0;
    const add = (tenantId: 'large' | 'small') => {
      const size = tenantId === 'large' && serial % 2 ? 8 : 1;
      d.enqueue(`${tenantId}-${(serial += 1)}`, { tenantId, weight: weights[tenantId], size });
    };
    for (let i = 0; i < 12; i += 1) for (const tenantId of ['large', 'small'] as const) add(tenantId);
    for (let run = 0; run < 300; run += 1) {
      d.finish(d.running[0]?.predictedMs ?? 1);
      for (const id of d.lastBatch()) add(id.startsWith('large') ? 'large' : 'small');
    }
    const [large, small] = servedOf(d, weights);
    expect(Math.abs((small ?? 0) - (large ?? 0))).toBeLessThan(40);
  });

  it('tenants in lanes of their own stay within the slack and a batch per device', () => {
    fc.assert(
      fc.property(
        fc.tuple(weight, weight, weight),
        fc.integer({ min: 150, max: 400 }),
        fc.integer({ min: 1, max: 3 }),
        ([a, b, c], sloMs, devices) => {
          const d = new CoreDriver();
          const weights = { a, b, c };
          for (let i = 0; i < devices; i += 1) d.addDevice(`cpu:${i}`, Object.keys(weights));
          let serial = 0;
          const fill = () => {
            for (const [tenantId, own] of Object.entries(weights)) {
              while (d.core.queuedRowsFrom(tenantId, 'standard') < 24) {
                const deadlineMs = d.nowMs + sloMs + (serial % 24) * 8;
                d.enqueue(`${(serial += 1)}`, { tenantId, weight: own, modelVersionId: tenantId, deadlineMs });
              }
            }
          };
          fill();
          const before = servedOf(d, weights);
          for (let run = 0; run < 200; run += 1) {
            fill();
            d.finish(13 / devices);
            const after = servedOf(d, weights).map((ms, i) => ms - (before[i] ?? 0));
            const leastWeight = Math.min(a, b, c);
            const slackMs = Math.min(2 * (sloMs + 200), SLACK_MAX_MS) / leastWeight;
            const boundMs = slackMs + ((devices + 2) * 20) / leastWeight;
            check(d, () => expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(boundMs));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a victim inside its share is on time while another tenant floods every lane', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 10, maxLength: 30 }), (gaps) => {
        const d = new CoreDriver();
        d.addDevice('cpu:0', ['m', 'n']);
        const victims: string[] = [];
        let serial = 0;
        const end = (afterMs: number) => {
          for (let i = 0; i < 40; i += 1) {
            const modelVersionId = i % 2 ? 'm' : 'n';
            d.enqueue(`f${(serial += 1)}`, { tenantId: 'flood', modelVersionId, deadlineMs: d.nowMs + 100 });
          }
          const run = d.running[0];
          if (run) d.finish(run.predictedMs);
          else d.nowMs += afterMs;
        };
        gaps.forEach((gap, i) => {
          for (let turn = 0; turn < 2 + gap; turn += 1) end(1);
          victims.push(`v${i}`);
          d.enqueue(`v${i}`, { tenantId: 'victim', modelVersionId: i % 2 ? 'm' : 'n', deadlineMs: d.nowMs + 100 });
        });
        for (let turn = 0; turn < 12; turn += 1) end(1);
        check(d, () => {
          const completed = new Set(d.ends.filter((end) => end.how === 'completed').map((end) => end.itemId));
          expect(victims.filter((id) => !completed.has(id))).toEqual([]);
        });
      }),
      { numRuns: 40 },
    );
  });
});
