import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/scheduler-bench.js';
import { ServerBusyError } from './http.errors.js';
import { LimitExceededError } from './quota-exceeded.error.js';
import { keepRefusal, StandingRefusals } from './standing-refusals.js';

describe('StandingRefusals', () => {
  let app: FastifyInstance;
  let clock: ManualClock;
  let looked: number;
  let refusal: Error | null;

  beforeEach(() => {
    app = fastify();
    clock = new ManualClock();
    looked = 0;
    refusal = new LimitExceededError([{ name: 'submit', quota: 1, windowSeconds: 60, left: 0, resetMs: 2_000 }]);
    new StandingRefusals(clock, 'POST', '/jobs').register(app);
    app.setErrorHandler((error, request: FastifyRequest, reply) => {
      keepRefusal(error, request, reply);
      return reply.status(429).send({ detail: (error as Error).message });
    });
    app.post('/jobs', async (_, reply) => {
      looked++;
      reply.header('RateLimit', `"requests";r=${looked}`);
      if (refusal) throw refusal;
      return {};
    });
    app.post('/jobs/:id/cancel', async () => ({}));
  });
  afterEach(() => app.close());

  const post = (authorization: string, url = '/jobs', headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, headers: { authorization, ...headers }, payload: {} });

  it('answers a sender that does not wait without a look, and with the same limits', async () => {
    const [first, again] = [await post('a'), await post('a')];
    expect([first.statusCode, again.statusCode, looked]).toEqual([429, 429, 1]);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['ratelimit']).toBe('"requests";r=1');
  });

  it('looks again after a quarter of a second', async () => {
    await post('a');
    clock.elapsedMs += 249;
    await post('a');
    clock.elapsedMs += 1;
    refusal = null;
    expect([(await post('a')).statusCode, looked]).toEqual([200, 2]);
  });

  it('is the refusal of one sender alone', async () => {
    await post('a');
    refusal = null;
    expect((await post('b')).statusCode).toBe(200);
  });

  it('is never that of a busy server, which may have time again at once', async () => {
    refusal = new ServerBusyError('busy', 2);
    await post('a');
    refusal = null;
    expect((await post('a')).statusCode).toBe(200);
  });

  it('looks at what may have been accepted before, and at what asks for something else', async () => {
    await post('a');
    refusal = null;
    expect((await post('a', '/jobs', { 'idempotency-key': 'k' })).statusCode).toBe(200);
    expect((await post('a', '/jobs?validateOnly=true')).statusCode).toBe(200);
  });

  it('ends when the sender changes something', async () => {
    await post('a');
    refusal = null;
    await post('a', '/jobs/1/cancel');
    expect((await post('a')).statusCode).toBe(200);
  });
});
