import { expect, test } from 'vitest';
import { formatsOf } from './format.js';

test.each([
  [0, '0ms', '0ms'],
  [412, '412ms', '412ms'],
  [999.6, '1s', '1초'],
  [1234, '1.2s', '1.2초'],
  [59_949, '59.9s', '59.9초'],
  [61_000, '1m 1s', '1분 1초'],
  [3_725_000, '1h 2m', '1시간 2분'],
  [-5, '0ms', '0ms'],
])('%d ms', (ms, english, korean) => {
  expect(formatsOf('en', 'UTC').duration(ms)).toBe(english);
  expect(formatsOf('ko', 'UTC').duration(ms)).toBe(korean);
});

test('a near certainty is not rounded up to certain', () => {
  expect(formatsOf('en', 'UTC').percent(0.9987)).toBe('99.9%');
  expect(formatsOf('en', 'UTC').percent(0.94)).toBe('94%');
});

test('money keeps every digit', () => {
  expect(formatsOf('en', 'UTC').money('12.5', 'KRW')).toBe('₩12.5');
  expect(formatsOf('ko', 'UTC').money('999999999999.000001', 'USD')).toBe('US$999,999,999,999.000001');
});

test('times are told in the zone of the tenant', () => {
  expect(formatsOf('ko', 'Asia/Seoul').dateTime('2026-11-23T02:00:00.000Z')).toContain('11:00');
});
