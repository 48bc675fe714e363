import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { LimitsConfig, ServerConfig } from '../config/config.js';
import { AddressLimits } from './address-limits.js';
import { ProblemFilter } from './problem.filter.js';

let server: FastifyInstance;
function start(publicRequestsPerMinute: number): void {
  const problems = new ProblemFilter({ publicUrl: 'http://127.0.0.1:3000' } as ServerConfig);
  server = fastify({ trustProxy: ['127.0.0.1'] });
  server.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
  new AddressLimits({ publicRequestsPerMinute } as LimitsConfig).register(server);
  server.get('/v1/open', () => ({ ok: true }));
  server.get('/v1/closed', (_request, reply) => reply.status(401).send({}));
  server.get('/health/live', () => ({ ok: true }));
}
afterEach(() => server.close());

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });
const from = (ip: string) => ({ 'x-forwarded-for': ip });

describe('requests without a credential', () => {
  it('are counted by address, and every answer says how it stands', async () => {
    start(3);
    const first = await get('/v1/open', from('192.0.2.1'));
    expect(first.headers['ratelimit-policy']).toBe('"public";q=3;w=60');
    expect(first.headers['ratelimit']).toBe('"public";r=2;t=60');
    expect((await get('/nowhere', from('192.0.2.1'))).headers['ratelimit']).toBe('"public";r=1;t=60');
    await get('/v1/open', from('192.0.2.1'));
    const refused = await get('/v1/open', from('192.0.2.1'));
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'quota-exceeded', 'violated-policies': ['public'], retryable: true });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(60);
    expect(refused.headers['ratelimit']).toBe('"public";r=0;t=60');
    expect((await get('/v1/open', from('192.0.2.2'))).statusCode).toBe(200);
  });

  it('of one IPv6 network are one client', async () => {
    start(1);
    expect((await get('/v1/open', from('2001:db8:1:2::5'))).statusCode).toBe(200);
    expect((await get('/v1/open', from('2001:db8:1:2:9::1'))).statusCode).toBe(429);
    expect((await get('/v1/open', from('2001:db8:1:3::5'))).statusCode).toBe(200);
    expect((await get('/v1/open', from('::1'))).statusCode).toBe(200);
    expect((await get('/v1/open', from('::2'))).statusCode).toBe(429);
  });

  it('leave probes alone', async () => {
    start(1);
    await get('/v1/open');
    await get('/v1/open');
    const probe = await get('/health/live');
    expect([probe.statusCode, probe.headers['ratelimit']]).toEqual([200, '"probe";r=0;t=60']);
  });
});

describe('requests with a credential', () => {
  const bearer = { authorization: 'Bearer x' };

  it('are not counted here while it is good', async () => {
    start(2);
    for (let i = 0; i < 5; i++) expect((await get('/v1/open', bearer)).statusCode).toBe(200);
  });

  it('are refused once too many of the address were', async () => {
    start(2);
    for (let i = 0; i < 2; i++) expect((await get('/v1/closed', bearer)).statusCode).toBe(401);
    expect((await get('/v1/closed', bearer)).statusCode).toBe(429);
    expect((await get('/v1/closed', { cookie: 'a=b; maru_session=x' })).statusCode).toBe(429);
    expect((await get('/v1/open')).statusCode).toBe(200);
  });
});
