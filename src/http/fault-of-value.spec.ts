import { describe, expect, it } from 'vitest';
import { faultOfValue } from './fault-of-value.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('faultOfValue', () => {
  it('takes what requests are made of', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => i / 7);
    for (const value of [null, 1, true, 'é 😀', nested(32), { a: [{ b: 'c' }], values }]) {
      expect(faultOfValue(value)).toBeNull();
    }
  });

  it.each([
    ['\0', '', 'bad_text'],
    [{ a: ['x', 'b\0c'] }, '/a/1', 'bad_text'],
    [{ a: '\ud800' }, '/a', 'bad_text'],
    [{ 'a/~\0': 1 }, '/a~1~0\0', 'bad_text'],
    [JSON.parse('{"a":{"__proto__":1}}'), '/a/__proto__', 'reserved_name'],
    [{ constructor: 'x' }, '/constructor', 'reserved_name'],
    [nested(33), '/0'.repeat(31) + '/0', 'too_deep'],
    [nested(400_000), '/0'.repeat(32), 'too_deep'],
    [{ a: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i])) }, '/a', 'too_many'],
  ])('refuses case %#', (value: unknown, pointer, code) => {
    expect(faultOfValue(value)).toMatchObject({ pointer, code });
  });
});
