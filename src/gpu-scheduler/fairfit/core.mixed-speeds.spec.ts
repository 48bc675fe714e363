import { describe, expect, it } from 'vitest';
import { CoreDriver } from '../../../test/support/core-driver.js';

/** One model on two devices that both run: L(b) = b + 5 ms on the first, `slowdown` times that on the second. */
function driver(slowdown: number): CoreDriver {
  const d = new CoreDriver({ hold: false });
  for (const [rank, factor] of [1, slowdown].entries()) {
    d.send({ type: 'deviceUp', device: `d${rank}`, rank, deviceClass: `class-${factor}` });
    const profiles = [{ shapeBucket: 'default', a: factor, c: 5 * factor, samples: [] }];
    d.send({ type: 'loaded', device: `d${rank}`, modelVersionId: 'm', profiles });
  }
  fill(d, 'warm', 2, 400);
  return d;
}

function fill(d: CoreDriver, tenantId: string, count: number, lifeMs: number): void {
  for (let i = 0; i < count; i += 1) {
    const facts = { tenantId, modelVersionId: 'm', deadlineMs: d.nowMs + lifeMs, maxBatchSize: 64 };
    d.enqueue(`${tenantId}-${d.enqueued.size}`, facts);
  }
}

const isSmall = ({ itemId }: { readonly itemId: string }) => itemId.startsWith('small');

describe('devices of different speeds', () => {
  it('leave a close deadline to the faster device instead of running a tiny batch on the slow one', () => {
    const d = driver(2.5);
    fill(d, 'flood', 300, 400);
    fill(d, 'small', 1, 25);
    d.finish(2, 'completed', 1);
    const [slow] = d.batches.slice(-1);
    expect(slow?.device).toBe('d1');
    expect(slow?.items.some(isSmall)).toBe(false);
    expect(slow?.rows).toBeGreaterThan(20);
    d.finish(4);
    expect(d.batches.at(-1)).toMatchObject({ device: 'd0', dispatchReason: 'deadline' });
    expect(d.batches.at(-1)?.items.some(isSmall)).toBe(true);
  });

  it('keep that deadline on any device when all are alike', () => {
    const d = driver(1);
    fill(d, 'flood', 300, 400);
    fill(d, 'small', 1, 25);
    d.finish(2, 'completed', 1);
    expect(d.batches.at(-1)?.items.some(isSmall)).toBe(true);
  });

  it('fill batches with what a tenant has beyond its share only up to a part of a regular cycle', () => {
    const rowsAt = (slowdown: number) => {
      const d = driver(slowdown);
      fill(d, 'flood', 300, 100);
      fill(d, 'small', 1, 100);
      d.finish(6);
      return d.batches.at(-1)?.rows;
    };
    // One lane on 1.4 devices: U(b) = 0.8 * 100 / (1 + 1/1.4); on two alike the whole of 100 / (1 + 1/2).
    expect(rowsAt(2.5)).toBe(41);
    expect(rowsAt(1)).toBe(61);
  });
});
