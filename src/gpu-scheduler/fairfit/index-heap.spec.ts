import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeapSlot, IndexHeap } from './index-heap.js';
import { Work } from './work.js';

const change = fc.record({ slot: fc.nat(19), key: fc.option(fc.integer({ min: 0, max: 9 })) });

describe('IndexHeap', () => {
  it('keeps its members in order through any changes; null takes a member out', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), fc.nat(20), (changes, wanted) => {
        const heap = new IndexHeap<number>(new Work());
        const slots = Array.from({ length: 20 }, (_, i) => new HeapSlot(i, i));
        const keys = new Map<number, number>();
        for (const { slot, key } of changes) {
          const member = slots[slot] as HeapSlot<number>;
          if (key === null) heap.remove(member);
          else heap.set(member, key);
          if (key === null) keys.delete(slot);
          else keys.set(slot, key);
        }
        const order = [...keys].sort((a, b) => a[1] - b[1] || a[0] - b[0]).map(([owner]) => owner);
        expect(heap.length).toBe(order.length);
        expect(heap.peek()?.owner).toBe(order[0]);
        const seen: number[] = [];
        heap.ascend(({ owner }) => {
          seen.push(owner);
          return seen.length < wanted;
        });
        expect(seen).toEqual(order.slice(0, Math.max(1, wanted)));
        expect(slots.filter((slot) => slot.at >= 0).length).toBe(order.length);
      }),
    );
  });
});
