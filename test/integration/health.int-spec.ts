import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { Counter } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { AuthenticationGuard } from '../../src/auth/authentication.guard.js';
import { Principals } from '../../src/auth/principals.js';
import { SessionCookie } from '../../src/auth/session-cookie.js';
import { DrainState } from '../../src/health/drain-state.js';
import { HealthModule } from '../../src/health/health.module.js';
import { MetricsRegistry } from '../../src/health/metrics-registry.js';
import { TenantsModule } from '../../src/tenants/tenants.module.js';
import { adminQuery } from '../support/admin-query.js';
import { httpApp } from '../support/http-app.js';
import { until } from '../support/signals.js';

/** The real guard; nobody signs in here, so nobody needs to be looked up. */
@Module({
  imports: [TenantsModule],
  providers: [
    SessionCookie,
    { provide: Principals, useValue: null },
    { provide: APP_GUARD, useClass: AuthenticationGuard },
  ],
})
class GuardModule {}

const url = process.env.DATABASE_URL as string;
const database = new URL(url).pathname.slice(1);

let app: NestFastifyApplication;
let admin: pg.Client;

beforeAll(async () => {
  app = await httpApp(HealthModule, GuardModule);
  admin = new pg.Client({ connectionString: inject('serverUrl') });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await app.close();
});

const get = (path: string, headers = {}, remoteAddress = '127.0.0.1') =>
  app.inject({ method: 'GET', url: path, headers, remoteAddress });
/** Readiness answers are reused for half a second. */
const untilReady = (status: number) =>
  until(async () => {
    const reply = await get('/health/ready');
    return reply.statusCode === status ? reply : null;
  });

describe('GET /health/live', () => {
  it('answers', async () => {
    const reply = await get('/health/live');
    expect([reply.statusCode, reply.json()]).toEqual([200, { status: 'live' }]);
    expect(reply.headers['cache-control']).toBe('no-store');
  });
});

describe('GET /health/ready', () => {
  afterEach(() => untilReady(200));

  it('is ready with a current schema', async () => {
    const reply = await get('/health/ready');
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({
      status: 'ready',
      checks: { database: 'up', migrations: 'current', draining: false },
    });
  });

  it('is not ready while the database refuses connections, and recovers', async () => {
    await admin.query(`alter database ${database} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
    const reply = await untilReady(503);
    await admin.query(`alter database ${database} allow_connections true`);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.headers['retry-after']).toBe('1');
    expect(reply.json()).toMatchObject({
      code: 'temporary-reduced-capacity',
      retryable: true,
      checks: { database: 'down', migrations: 'unknown', draining: false },
    });
  });

  it('is not ready while the database hangs', async () => {
    const locker = new pg.Client({ connectionString: url });
    await locker.connect();
    await locker.query('begin; lock table public.maru_migrations in access exclusive mode');
    const reply = await untilReady(503);
    await locker.end();
    expect(reply.json()).toMatchObject({ checks: { database: 'down' } });
  });

  it('is not ready with a migration missing', async () => {
    const last = 'select * from public.maru_migrations order by id desc limit 1';
    await adminQuery(
      url,
      `create table public.kept as ${last}`,
      'delete from public.maru_migrations where id in (select id from public.kept)',
    );
    const reply = await untilReady(503);
    await adminQuery(url, 'insert into public.maru_migrations select * from public.kept');
    expect(reply.json()).toMatchObject({ checks: { database: 'up', migrations: 'pending' } });
  });
});

describe('GET /metrics', () => {
  it('shows process metrics and those of other rooms to this machine', async () => {
    const registry = app.get(MetricsRegistry);
    new Counter({ name: 'maru_probe_total', help: 'A probe', registers: [registry] }).inc(3);
    const reply = await get('/metrics');
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(reply.body).toContain('maru_probe_total 3');
    expect(reply.body).toContain('process_resident_memory_bytes');
  });

  it.each([
    ['another machine', {}, '203.0.113.7'],
    ['a proxy on this machine', { 'x-forwarded-for': '203.0.113.7' }, '127.0.0.1'],
  ])('refuses %s', async (_who, headers, address) => {
    const reply = await get('/metrics', headers, address);
    expect(reply.statusCode).toBe(401);
    expect(reply.body).not.toContain('process_');
  });
});

describe('draining', () => {
  it('turns readiness off for good, liveness stays', async () => {
    app.get(DrainState).begin();
    expect((await get('/health/ready')).json()).toMatchObject({ checks: { draining: true } });
    expect((await get('/health/live')).statusCode).toBe(200);
  });
});
