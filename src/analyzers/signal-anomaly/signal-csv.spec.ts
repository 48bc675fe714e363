import { describe, expect, it } from 'vitest';
import { InputUnreadableError } from '../analyzer.js';
import { parseSignalCsv } from './signal-csv.js';

describe('parseSignalCsv', () => {
  it.each([
    ['a header', 'value\n1\n-2.5\n3e2\n', [1, -2.5, 300]],
    ['no header', '1\n2', [1, 2]],
    ['a byte order mark, CRLF and blank lines', '\uFEFFvalue\r\n1\r\n\r\n2\r\n', [1, 2]],
    ['several columns', 'time;"Value"\n0;4\n1;5', [4, 5]],
    ['any name of a single column', 'rpm\n4', [4]],
  ])('reads %s', (_, text, values) => {
    expect(parseSignalCsv(text)).toEqual(values);
  });

  it.each([
    ['the line of a word', 'value\n1\nx', /Line 3 .*"x"/],
    ['the line of an empty cell', 'time,value\n0,1\n1,', /Line 3/],
    ['a number that overflows', '1e999', /Line 1/],
    ['hexadecimal', 'value\n0x10', /Line 2/],
    ['an unnamed column', 'a,b\n1,2', /2 columns/],
    ['an empty file', '\n \n', /empty/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseSignalCsv(text)).toThrow(InputUnreadableError);
    expect(() => parseSignalCsv(text)).toThrow(message);
  });
});
