import { describe, expect, it } from 'vitest';
import { bytesOf, TensorMemory } from './tensor-memory.js';

describe('TensorMemory', () => {
  it('gives one tenant half, and leaves a newcomer room', () => {
    const memory = new TensorMemory(100);
    for (let i = 0; memory.roomFor('flood') > 0; i++) memory.add('flood', 10);
    expect(memory.bytes).toBe(50);
    expect(memory.roomFor('newcomer')).toBe(Infinity);
    memory.add('newcomer', 10);
    expect(memory.roomFor('newcomer')).toBe(3);
    expect(memory.fits(40)).toBe(true);
    expect(memory.fits(41)).toBe(false);
  });

  it('has all of it back when the items have gone', () => {
    const memory = new TensorMemory(100);
    memory.add('a', 30);
    memory.add('b', 20);
    memory.remove('a', 30);
    memory.remove('b', 20);
    memory.remove('b', 20);
    expect(memory.bytes).toBe(0);
    expect(memory.roomFor('a')).toBe(Infinity);
  });

  it('takes a single item that is larger than the limit', () => {
    expect(new TensorMemory(100).fits(1_000)).toBe(true);
  });
});

describe('bytesOf', () => {
  it('adds up the rows of all inputs', () => {
    const rows = [8, 8].map((bytes, i) => ({ offset: i * 64, bytes }));
    expect(bytesOf({ x: { type: 'uint8', rowShape: [8], rows }, y: { type: 'uint8', rowShape: [8], rows } })).toBe(32);
    expect(bytesOf({})).toBe(0);
  });
});
