import { describe, expect, it } from 'vitest';
import { CoreDriver } from '../../../test/support/core-driver.js';

/** A core with one device on which a model of L(b) = b + 5 ms takes up to 512 rows. */
function driver(): CoreDriver {
  const d = new CoreDriver();
  d.addDevice();
  return d;
}

const LARGE = { maxBatchSize: 512 };

describe('the window of a claimer', () => {
  it('is not known before a row has a cost', () => {
    expect(driver().core.windowRows('a', 'standard', 200)).toBeNull();
    expect(driver().core.usualDeadlineMs()).toBeNull();
  });

  it("is what the tenant's share works off in the time", () => {
    const d = driver();
    d.enqueue('1', LARGE);
    const rowMs = 13 / 8;
    expect(d.core.windowRows('a', 'standard', 2_000)).toBe(Math.floor(2_000 / rowMs));
    d.enqueue('2', { ...LARGE, tenantId: 'b', weight: 3 });
    const part = d.core.windowRows('c', 'standard', 20_000) ?? 0;
    const whole = d.core.windowRows('c', 'bulk', 20_000) ?? 0;
    expect(whole / part).toBeCloseTo(4, 1);
  });

  it('holds two batches that pay and meet the deadline, not the largest the model takes', () => {
    const d = driver();
    d.enqueue('1', { ...LARGE, deadlineMs: 100 });
    expect(d.core.usualDeadlineMs()).toBe(100);
    // L(45) = 50 ms is half the deadline; a knee at 2 % lies at 250 rows.
    expect(d.core.windowRows('a', 'standard', 1)).toBe(2 * 45);
  });

  it('follows what a tenant sends, in rows and in their cost', () => {
    const d = driver();
    for (let i = 0; i < 60; i += 1) d.enqueue(`${i}`, { size: 6 });
    expect(d.core.itemRows('a')).toBeCloseTo(6, 1);
    expect(d.core.itemRows('b')).toBe(1);
  });

  it('forgets lanes that nobody uses', () => {
    const d = driver();
    d.enqueue('1', { deadlineMs: 5_000 });
    d.finish();
    d.send({ type: 'timer' }, 10_000);
    expect(d.core.usualDeadlineMs()).toBeNull();
  });

  it('is full when tenants within their share have a quarter of the deadline queued; a flood does not count', () => {
    const d = driver();
    d.enqueue('running', { deadlineMs: 100 });
    for (let i = 0; i < 20; i += 1) d.enqueue(`a${i}`, { size: 8, deadlineMs: 100, tenantId: 'flood' });
    expect(d.core.isSated(0)).toBe(false);
    for (let i = 0; i < 5; i += 1) d.enqueue(`b${i}`, { size: 4, deadlineMs: 100, tenantId: 'b' });
    expect(d.core.isSated(0)).toBe(true);
    expect(d.core.isSated(60)).toBe(false);
  });

  it('counts a band with the bands above it', () => {
    const d = driver();
    d.enqueue('running');
    d.enqueue('1', { band: 'interactive', size: 2 });
    d.enqueue('2', { band: 'bulk', size: 3 });
    const bands = ['interactive', 'standard', 'bulk'] as const;
    expect(bands.map((band) => d.core.queuedRowsFrom('a', band))).toEqual([2, 2, 5]);
  });

  it('tells who is ahead of its share', () => {
    const d = driver();
    d.enqueue('running', { tenantId: 'c' });
    for (const id of ['a1', 'a2']) d.enqueue(id, { size: 8 });
    for (const id of ['b1', 'b2']) d.enqueue(id, { size: 8, tenantId: 'b' });
    d.finish();
    expect(d.lastBatch()).toEqual(['a1']);
    expect(d.core.leadMs('a')).toBeGreaterThan(8);
    expect(d.core.leadMs('b')).toBe(0);
    expect(d.core.leadMs('nobody')).toBe(0);
  });
});
