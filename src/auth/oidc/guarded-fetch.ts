import type { CustomFetch } from 'openid-client';
import type { OutboundClient, OutboundRequest } from '../../outbound/outbound-client.js';

/** Metadata and keys of a provider stay far below. */
const MAX_ANSWER_BYTES = 512 * 1024;
const TIMEOUT_MS = 8_000;
const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** The way out for the OpenID client: every request goes through the guard, and none follows a redirect. */
export function guardedFetch(outbound: OutboundClient): CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await outbound.send({
      url,
      method: method as OutboundRequest['method'],
      headers,
      ...(body === undefined || body === null ? {} : { body: textOf(body) }),
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: MAX_ANSWER_BYTES,
    });
    const content = BODYLESS.has(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(content, { status: answer.status, headers: flat(answer.headers) });
  };
}

/** What the client sends: forms. */
function textOf(body: unknown): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body);
  throw new TypeError('the OpenID client sent a body that is no form');
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}
