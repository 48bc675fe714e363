import { describe, expect, it } from 'vitest';
import { decimalSum, decimalTimes } from './decimal.js';

describe('money as text', () => {
  it('is added up and multiplied without a float', () => {
    expect(decimalSum(['0.1', '0.2', '10'])).toBe('10.3');
    expect(decimalSum([])).toBe('0');
    expect(decimalTimes('0.000001', 3)).toBe('0.000003');
    expect(decimalTimes('999999999999.999999', 3)).toBe('2999999999999.999997');
    expect(decimalTimes('12.50', 4)).toBe('50');
    expect(decimalTimes('12.5', 0)).toBe('0');
  });
});
