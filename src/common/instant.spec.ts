import { describe, expect, it } from 'vitest';
import { instantOf } from './instant.js';

describe('instantOf', () => {
  it.each([
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
    ['2030-01-01T00:30:00+09:00', '2029-12-31T15:30:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('reads %s', (text, iso) => expect(instantOf(text)?.toISOString()).toBe(iso));

  it.each([
    '2030-02-30T00:00:00Z',
    '2030-02-29T12:00:00+09:00',
    '2030-13-01T00:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T00:00:60Z',
    '2030-01-01T00:00:00+24:00',
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00+00:01',
    'now',
  ])('refuses %s', (text) => expect(instantOf(text)).toBeNull());
});
