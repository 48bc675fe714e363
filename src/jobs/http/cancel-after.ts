import { MalformedRequestError } from '../../http/http.errors.js';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** A week: a job that may wait longer has no deadline worth the name. */
const MAX_MS = 7 * 24 * 3_600_000;

/** Milliseconds of a `Cancel-After` header such as `90s`, `1500ms`, `5m` or `2h`; null without one. */
export function cancelAfterMs(header: string | string[] | undefined): number | null {
  if (header === undefined) return null;
  const match = typeof header === 'string' ? /^(\d{1,9})(ms|s|m|h)$/.exec(header.trim()) : null;
  const ms = match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : 0;
  if (ms < 1 || ms > MAX_MS) {
    throw new MalformedRequestError('Cancel-After must be a duration such as 90s, 1500ms, 5m or 2h, up to a week.');
  }
  return ms;
}
