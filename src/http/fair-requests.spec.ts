import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passTurn, takeTurns } from './fair-requests.js';

describe('takeTurns', () => {
  let app: FastifyInstance;
  let begun: string[];
  let finish: (() => void)[];

  beforeEach(() => {
    app = fastify();
    begun = [];
    finish = [];
    takeTurns(app, 'POST', '/jobs');
    app.post<{ Querystring: { pass?: string } }>('/jobs', async (request) => {
      begun.push(String(request.headers.authorization));
      if (request.query.pass) passTurn(request);
      await new Promise<void>((resolve) => finish.push(resolve));
      return {};
    });
    app.post('/other', async () => ({}));
  });
  afterEach(() => app.close());

  const post = async (authorization: string, url = '/jobs') =>
    await app.inject({ method: 'POST', url, headers: { authorization }, payload: {} });
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('lets a second sender in before the rest of the first', async () => {
    const all = Array.from({ length: 40 }, () => post('flood'));
    await settled();
    expect(begun).toHaveLength(3);
    all.push(post('victim'));
    expect((await post('flood', '/other')).statusCode).toBe(200);
    finish.shift()?.();
    finish.shift()?.();
    await settled();
    expect(begun.slice(3)).toContain('victim');
    while (begun.length < 41 || finish.length > 0) {
      for (const done of finish.splice(0)) done();
      await settled();
    }
    expect((await Promise.all(all)).every(({ statusCode }) => statusCode === 200)).toBe(true);
  });

  it('forgets clients that left while they waited, and keeps every turn', async () => {
    const errors: Error[] = [];
    app.addHook('onError', async (_request, _reply, error) => void errors.push(error));
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    const send = (signal?: AbortSignal) =>
      fetch(`${origin}/jobs`, { method: 'POST', headers: { authorization: 'a' }, ...(signal ? { signal } : {}) });
    const first = Array.from({ length: 3 }, () => send());
    while (begun.length < 3) await settled();
    const leaving = new AbortController();
    const left = Array.from({ length: 20 }, () => send(leaving.signal).catch(() => 'left'));
    await settled();
    leaving.abort();
    expect(await Promise.all(left)).toEqual(left.map(() => 'left'));
    const next = Array.from({ length: 40 }, () => send());
    while (begun.length < 43 || finish.length > 0) {
      for (const done of finish.splice(0)) done();
      await settled();
    }
    for (const reply of await Promise.all([...first, ...next])) expect(reply.status).toBe(200);
    expect(errors).toEqual([]);
  });

  it('holds nobody up while a request waits for something else', async () => {
    const all = Array.from({ length: 40 }, () => post('patient', '/jobs?pass=1'));
    await settled();
    expect(begun).toHaveLength(40);
    for (const done of finish.splice(0)) done();
    await Promise.all(all);
  });
});
