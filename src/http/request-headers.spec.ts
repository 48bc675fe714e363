import { describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.js';
import { traceIdOf } from './trace-context.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('X-Request-Id', () => {
  const idOf = (given: string) => requestIdOf({ headers: { 'x-request-id': given } });

  it('is kept when it is harmless', () => {
    for (const id of ['a', '7b1c-42', 'req_1.2:3', 'x'.repeat(128)]) expect(idOf(id)).toBe(id);
  });

  it('is replaced when it is missing, long, or could break a log line', () => {
    expect(requestIdOf({ headers: {} })).toMatch(UUID);
    for (const id of ['', ' a', 'a b', 'a\nb', '-a', 'é', 'x'.repeat(129), '<script>']) expect(idOf(id)).toMatch(UUID);
  });
});

describe('traceparent', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const span = '00f067aa0ba902b7';

  it('gives its trace id', () => {
    expect(traceIdOf(`00-${trace}-${span}-01`)).toBe(trace);
  });

  it.each([
    undefined,
    '',
    trace,
    `00-${trace}-${span}`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `ff-${trace}-${span}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}-01 `,
  ])('is ignored as %j', (header) => expect(traceIdOf(header)).toBeNull());
});
