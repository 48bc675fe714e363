import { MalformedRequestError } from '../../http/http.errors.js';

/** Longest time that a request is held open, seconds. Proxies commonly cut idle requests after 60 s or more. */
export const MAX_WAIT_SECONDS = 60;

/**
 * Seconds of `Prefer: wait=N` (RFC 7240), lowered to 60; null without one. A preference that cannot be understood is
 * ignored, as the RFC demands. The first one counts.
 */
export function waitPreference(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  for (const preference of text.split(',')) {
    const match = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(preference);
    if (match) return Math.min(Number(match[1]), MAX_WAIT_SECONDS);
  }
  return null;
}

/** Seconds of the query parameter `wait`, lowered to 60; 0 without one. */
export function waitQuery(value: unknown): number {
  if (value === undefined || value === '') return 0;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) {
    throw new MalformedRequestError('wait must be a number of seconds, 0 or more; more than 60 counts as 60.');
  }
  return Math.min(Number(value), MAX_WAIT_SECONDS);
}
