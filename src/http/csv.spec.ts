import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { toCsv, wantsCsv } from './csv.js';

it('quotes what has to be, and disarms formulas', () => {
  const rows = [
    ['plain', 1, null, true],
    ['a,b', 'say "no"', 'two\nlines', undefined],
    ['=1+1', '+1', '-1', '@x'],
  ];
  const lines = ['a,b,c,d', 'plain,1,,true', '"a,b","say ""no""","two\nlines",', `'=1+1,'+1,'-1,'@x`, ''];
  expect(toCsv(['a', 'b', 'c', 'd'], rows)).toBe(lines.join('\r\n'));
});

it.each([
  [undefined, false],
  ['*/*', false],
  ['application/json', false],
  ['application/json, text/csv;q=0.5', false],
  ['text/csv', true],
  ['Text/CSV; header=present, */*;q=0.1', true],
])('Accept: %s -> %s', (accept, expected) => {
  expect(wantsCsv({ headers: { accept } } as FastifyRequest)).toBe(expected);
});
