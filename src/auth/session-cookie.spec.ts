import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { CrossSiteRequestError } from './auth.errors.js';
import { SessionCookie } from './session-cookie.js';

const cookieOf = (publicUrl: string) => new SessionCookie({ publicUrl } as never);
const request = (method: string, host: string, origin?: string) =>
  ({ method, headers: { host, origin } }) as unknown as FastifyRequest;

describe('SessionCookie', () => {
  it('has the __Host- prefix on https and a plain name on a local http address', () => {
    expect(cookieOf('https://maru.example').name).toBe('__Host-maru_session');
    for (const host of ['127.0.0.1:3000', 'localhost:3000', 'hanbit.localhost', '[::1]:3000', '0.0.0.0:3000']) {
      expect(cookieOf(`http://${host}`).name).toBe('maru_session');
    }
  });

  it.each(['http://maru.example', 'http://192.168.1.4:3000', 'http://localhost.example'])(
    'refuses to start on %s',
    (url) => {
      expect(() => cookieOf(url)).toThrow(/must be https/);
    },
  );

  it('lets an unsafe request pass only from a page of its own host', () => {
    const cookie = cookieOf('http://127.0.0.1:3000');
    const host = 'hanbit.localhost:3000';
    cookie.requireSameOrigin(request('GET', host, 'http://evil.example'));
    cookie.requireSameOrigin(request('POST', host, 'http://hanbit.localhost:3000'));
    for (const origin of [
      undefined,
      '',
      'null',
      'http://hanbit.localhost',
      'http://evil.example',
      'http://x.hanbit.localhost:3000',
    ]) {
      expect(() => cookie.requireSameOrigin(request('POST', host, origin))).toThrow(CrossSiteRequestError);
    }
  });
});
