import { MalformedRequestError } from '../../http/http.errors.js';

const MAX_LENGTH = 255;

/**
 * The Idempotency-Key of a request, null without one. A quoted string and a bare one name the same key: real clients
 * send bare UUIDs, which the header's own grammar refuses.
 */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const text = Array.isArray(header) ? header.join(',') : header.trim();
  const key = /^".*"$/.test(text) ? text.slice(1, -1) : text;
  if (key.length < 1 || key.length > MAX_LENGTH) {
    throw new MalformedRequestError(`Idempotency-Key must have 1 to ${MAX_LENGTH} characters.`);
  }
  return key;
}
