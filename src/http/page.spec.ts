import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { pageOf } from './page.js';
import { PageQueryDto } from './page-query.dto.js';

describe('pageOf', () => {
  const page = (rows: number[]) =>
    pageOf(
      rows,
      2,
      (n) => n * 10,
      (last) => `after ${last}`,
    );

  it('has a token exactly when there is more', () => {
    expect(page([])).toEqual({ data: [], nextPageToken: null, hasMore: false });
    expect(page([1, 2])).toEqual({ data: [10, 20], nextPageToken: null, hasMore: false });
    expect(page([1, 2, 3])).toEqual({ data: [10, 20], nextPageToken: 'after 2', hasMore: true });
  });
});

describe('PageQueryDto', () => {
  const parse = (limit?: string) => plainToInstance(PageQueryDto, limit === undefined ? {} : { limit });

  it.each([
    [undefined, 50],
    ['1', 1],
    ['0', 50],
    ['200', 200],
    ['201', 200],
    ['999999', 200],
  ])('limit %s means %s', (limit, expected) => {
    expect(parse(limit).limit).toBe(expected);
    expect(validateSync(parse(limit))).toEqual([]);
  });

  it.each(['-1', '1.5', 'ten', '', ' 5', '1e2', '0x10', '9'.repeat(20)])('limit %j is refused', (limit) => {
    expect(validateSync(parse(limit)).map((e) => e.property)).toEqual(['limit']);
  });
});
