import { MalformedRequestError } from '../http/http.errors.js';

/** Where a part lies in the whole, in bytes. */
export interface PartRange {
  readonly start: number;
  readonly length: number;
}

/** Reads a `Content-Range` (RFC 9110); without one the part is the whole. @throws MalformedRequestError */
export function partRangeOf(header: string | undefined, totalBytes: number): PartRange {
  if (header === undefined) return { start: 0, length: totalBytes };
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header.trim()) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (first === undefined || end < start || end >= totalBytes || (total !== '*' && Number(total) !== totalBytes)) {
    throw new MalformedRequestError(
      `Content-Range must be "bytes <first>-<last>/${totalBytes}" with first <= last < ${totalBytes}.`,
    );
  }
  return { start, length: end - start + 1 };
}
