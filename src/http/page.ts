import type { Type } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** One page of a list. A null token is the only sign of the end. */
export interface Page<T> {
  readonly data: T[];
  readonly nextPageToken: string | null;
  readonly hasMore: boolean;
}

/**
 * A page out of one row more than it may hold.
 * @param rows at most `limit + 1` rows
 * @param tokenAfter token of the page that starts after this row
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  tokenAfter: (last: Row) => string,
): Page<T> {
  const data = rows.slice(0, limit).map(toItem);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const nextPageToken = last === undefined ? null : tokenAfter(last);
  return { data, nextPageToken, hasMore: nextPageToken !== null };
}

/** Response class of a list, named after its items: `PageOf(FileDto, 'FilePage')`. */
export function PageOf<T>(item: Type<T>, name: string): Type<Page<T>> {
  @ApiSchema({ name })
  class PageDto implements Page<T> {
    @ApiProperty({ type: [item] })
    data: T[];

    @ApiProperty({ type: 'string', nullable: true, description: 'Null on the last page', example: null })
    nextPageToken: string | null;

    @ApiProperty({ example: false })
    hasMore: boolean;
  }
  Object.defineProperty(PageDto, 'name', { value: name });
  return PageDto;
}
