import { type CanActivate, type ExecutionContext, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminModule } from '../../src/admin/admin.module.js';
import type { AuthenticatedRequest, Principal } from '../../src/auth/principal.js';
import { SCOPES_OF_ROLE } from '../../src/auth/scopes.js';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import { httpApp } from '../support/http-app.js';

/** Stands in for the authentication guard, which has its own tests. */
class SignedIn implements CanActivate {
  static as: Principal;
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<AuthenticatedRequest>().principal = SignedIn.as;
    return true;
  }
}
@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

const OPERATOR: Principal = {
  kind: 'operator',
  id: newUuid(),
  tenantId: null,
  role: 'operator',
  scopes: SCOPES_OF_ROLE.operator,
  credential: 'jwt',
  sessionId: newUuid(),
};
const viewerOf = (tenantId: string): Principal => ({
  ...OPERATOR,
  kind: 'member',
  tenantId,
  role: 'viewer',
  scopes: SCOPES_OF_ROLE.viewer,
});

let app: NestFastifyApplication;

beforeAll(async () => {
  SignedIn.as = OPERATOR;
  app = await httpApp(AdminModule, SignedInModule);
});
afterAll(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });
const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
const create = async (slug: string) => (await post('/v1/admin/tenants', { slug, name: slug, weight: 3 })).json();

describe('POST /v1/admin/tenants', () => {
  it('creates a tenant and says where it is', async () => {
    const reply = await post('/v1/admin/tenants', { slug: 'hanbit', name: 'Hanbit', weight: 2 });
    expect(reply.statusCode).toBe(201);
    const body = reply.json();
    expect(body).toEqual({
      id: expect.stringMatching(/^ten_[0-9a-z]{26}$/),
      object: 'tenant',
      slug: 'hanbit',
      name: 'Hanbit',
      status: 'active',
      weight: 2,
      hosts: ['hanbit.localhost:3000'],
      locales: { enabled: ['ko', 'en'], default: 'ko' },
      apiVersion: '2026-11-01',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      plan: 'standard',
      retentionDays: 30,
      maxQueuedJobs: 100_000,
      suspendedReason: null,
      deleteAfter: null,
      apiKey: null,
      smokeJobId: null,
      owner: null,
      links: { portal: 'http://hanbit.localhost:3000/', smokeJob: null },
    });
    expect(reply.headers.location).toBe(`/v1/admin/tenants/${body.id}`);
    expect(body).toMatchObject((await get(String(reply.headers.location))).json());
  });

  it('answers 409 for a taken slug and 422 for a bad body', async () => {
    const taken = await post('/v1/admin/tenants', { slug: 'hanbit', name: 'Again' });
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'already-exists']);
    const bad = await post('/v1/admin/tenants', { slug: 'X', weight: 0, status: 'active' });
    expect(bad.statusCode).toBe(422);
    for (const name of ['a\0b', '\ud800', '\u202eevil']) {
      expect((await post('/v1/admin/tenants', { slug: 'plain', name })).statusCode).toBe(422);
    }
    const pointers = (bad.json().errors as { pointer: string }[]).map((e) => e.pointer);
    expect(new Set(pointers)).toEqual(new Set(['/slug', '/name', '/weight', '/status']));
  });
});

describe('GET /v1/admin/tenants', () => {
  it('pages through all tenants once', async () => {
    for (const slug of ['narae', 'maru-lab', 'saebom']) await create(slug);
    const slugs: string[] = [];
    let query = '?limit=3';
    for (let pages = 0; pages < 5; pages++) {
      const page = (await get(`/v1/admin/tenants${query}`)).json();
      slugs.push(...page.data.map((t: { slug: string }) => t.slug));
      expect(page.hasMore).toBe(page.nextPageToken !== null);
      if (!page.hasMore) break;
      query = `?limit=3&pageToken=${page.nextPageToken}`;
    }
    expect(slugs).toEqual(['hanbit', 'narae', 'maru-lab', 'saebom']);
  });

  it('refuses a page token that it did not make', async () => {
    const reply = await get(`/v1/admin/tenants?pageToken=${'A'.repeat(60)}`);
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'invalid-page-token']);
  });

  it('answers 404 for an unknown id and for what is not an id', async () => {
    for (const id of [publicId('tenant', newUuid()), publicId('job', newUuid()), 'x']) {
      expect((await get(`/v1/admin/tenants/${id}`)).statusCode).toBe(404);
    }
  });
});

describe('suspension', () => {
  it('needs a reason, and can be taken back', async () => {
    const { id } = await create('dasom');
    expect((await post(`/v1/admin/tenants/${id}/suspend`, {})).statusCode).toBe(422);
    expect((await post(`/v1/admin/tenants/${id}/suspend`, { reason: 'a\0b' })).statusCode).toBe(422);
    const suspended = await post(`/v1/admin/tenants/${id}/suspend`, { reason: 'unpaid' });
    expect([suspended.statusCode, suspended.json().status]).toEqual([200, 'suspended']);
    const resumed = await app.inject({ method: 'POST', url: `/v1/admin/tenants/${id}/resume` });
    expect([resumed.statusCode, resumed.json().status]).toEqual([200, 'active']);
  });
});

describe('GET /v1/tenant', () => {
  it('is the own tenant of a member, and nothing for an operator', async () => {
    const tenant = await create('yeoul');
    SignedIn.as = viewerOf(uuidOf('tenant', tenant.id) as string);
    expect(tenant).toMatchObject((await get('/v1/tenant')).json());
    SignedIn.as = OPERATOR;
    expect((await get('/v1/tenant')).statusCode).toBe(403);
  });
});
