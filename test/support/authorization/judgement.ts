import type { Reply } from './exchange.js';
import type { Cell } from './matrix.js';

type Json = Record<string, unknown>;

/** Members of a problem that belong to the request, not to the answer. */
const OF_THE_REQUEST = ['instance', 'requestId', 'traceId'];
/** Members that tell when it was asked. */
const OF_THE_TIME = [...OF_THE_REQUEST, 'cursor'];
/** Headers that differ from one answer to the next. */
const CHANGING = new Set(['date', 'x-request-id', 'ratelimit', 'content-length', 'traceparent']);

/** What is wrong with an answer. @param traces words that belong to others */
export function faultsOf(
  reply: Reply,
  { operation, principal, expectation }: Cell,
  traces: readonly string[],
): string[] {
  const { status, body, headers } = reply;
  const faults: string[] = [];
  if (!expectation.statuses.includes(status)) {
    faults.push(`answered ${status} instead of ${expectation.statuses.join(' or ')}: ${body.slice(0, 200)}`);
  } else if (expectation.code !== null && parsed(body)?.['code'] !== expectation.code) {
    faults.push(`answered ${String(parsed(body)?.['code'])} instead of ${expectation.code}`);
  }
  const text = withoutRequest(body);
  for (const trace of traces)
    if (text.includes(trace)) faults.push(`tells of another tenant (${trace}): ${body.slice(0, 300)}`);
  if (status === 401 && !headers['www-authenticate']) faults.push('has no WWW-Authenticate');
  const type = String(headers['content-type'] ?? '');
  if (status >= 400 && operation.path !== '/oauth/token' && !type.startsWith('application/problem+json')) {
    faults.push(`is ${type}, no problem document`);
  }
  if (principal === 'anonymous' && status === 401 && /tenant-suspended|insufficient/.test(body)) {
    faults.push('tells a stranger more than that nobody signed in');
  }
  return faults;
}

/** An answer without what belongs to its request: the ids that it named, its own id, times. */
export function comparable({ status, body, headers }: Reply, ids: readonly string[]): string {
  let text = withoutRequest(body, OF_THE_TIME);
  for (const id of ids) for (const part of [id, id.split('?')[0]!]) text = text.replaceAll(part, '<id>');
  const names = Object.keys(headers)
    .filter((name) => !CHANGING.has(name))
    .sort();
  return `${status} ${names.join(' ')} ${text}`;
}

function withoutRequest(body: string, members = OF_THE_REQUEST): string {
  const document = parsed(body);
  if (!document) return body;
  return JSON.stringify(Object.fromEntries(Object.entries(document).filter(([name]) => !members.includes(name))));
}

function parsed(body: string): Json | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
