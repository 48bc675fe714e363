import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminModule } from '../../src/admin/admin.module.js';
import { AuditModule } from '../../src/audit/audit.module.js';
import { AuditSealer } from '../../src/audit/audit-sealer.js';
import { AuditSealingModule } from '../../src/audit/audit-sealing.module.js';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { httpApp } from '../support/http-app.js';
import { OPERATOR, memberOf, SignedIn } from '../support/signed-in.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

let app: NestFastifyApplication;
let tenant: string;
let tenantId: string;

beforeAll(async () => {
  SignedIn.as = OPERATOR;
  app = await httpApp(AdminModule, AuditModule, AuditSealingModule, SignedInModule);
  tenant = (await post('/v1/admin/tenants', { slug: 'hanbit', name: 'Hanbit', weight: 2 })).json().id;
  tenantId = uuidOf('tenant', tenant)!;
  await post(`/v1/admin/tenants/${tenant}/suspend`, { reason: '=unpaid, "twice"' });
  await post(`/v1/admin/tenants/${tenant}/resume`);
});
afterAll(() => app.close());

const post = (url: string, payload?: object) =>
  app.inject({ method: 'POST', url, payload, headers: { 'user-agent': 'probe/1', 'x-request-id': 'req-1' } });
const get = (url: string, accept = 'application/json') => app.inject({ method: 'GET', url, headers: { accept } });
interface Event {
  action: string;
  seal: { seq: number } | null;
}
const actions = (body: { data: Event[] }) => body.data.map((event) => event.action);

describe('GET /v1/admin/audit', () => {
  it('tells who did what to a tenant, newest first, and seals it', async () => {
    SignedIn.as = OPERATOR;
    await app.get(AuditSealer, { strict: false }).sealPending();
    const body = (await get(`/v1/admin/audit?tenant=${tenant}`)).json();
    expect(actions(body)).toEqual(['tenant.resumed', 'tenant.suspended', 'tenant.created']);
    expect(body.data[1]).toEqual({
      id: expect.stringMatching(/^aud_[0-9a-z]{26}$/),
      object: 'audit_event',
      at: expect.stringMatching(/Z$/),
      tenantId: tenant,
      actor: { type: 'operator', id: publicId('operator', OPERATOR.id), ip: '127.0.0.1', userAgent: 'probe/1' },
      action: 'tenant.suspended',
      target: { type: 'tenant', id: tenant },
      outcome: 'success',
      reason: '=unpaid, "twice"',
      before: { status: 'active' },
      after: { status: 'suspended' },
      requestId: 'req-1',
      seal: { seq: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('filters, and finds nothing for what is no tenant', async () => {
    const suspended = (await get('/v1/admin/audit?action=tenant.suspended')).json();
    expect(actions(suspended)).toEqual(['tenant.suspended']);
    expect(actions((await get('/v1/admin/audit?action=tenant')).json())).toHaveLength(3);
    expect((await get('/v1/admin/audit?tenant=ten_x')).json().data).toEqual([]);
    expect((await get('/v1/admin/audit?to=2020-01-01')).json().data).toEqual([]);
    expect((await get(`/v1/admin/audit?actor=${publicId('operator', OPERATOR.id)}`)).json().data).toHaveLength(3);
    expect((await get('/v1/admin/audit?from=yesterday')).statusCode).toBe(400);
    expect((await get('/v1/admin/audit?from=2026-02-30')).statusCode).toBe(400);
  });

  it('a refused or failed change leaves no event', async () => {
    await post('/v1/admin/tenants', { slug: 'hanbit', name: 'Again' });
    await post(`/v1/admin/tenants/${publicId('tenant', newUuid())}/suspend`, { reason: 'nobody' });
    expect((await get('/v1/admin/audit')).json().data).toHaveLength(3);
  });
});

describe('GET /v1/audit', () => {
  it('shows a tenant its own log, page by page, without the operators’ addresses', async () => {
    SignedIn.as = memberOf(tenantId, 'owner');
    const first = (await get('/v1/audit?limit=2')).json();
    expect(actions(first)).toEqual(['tenant.resumed', 'tenant.suspended']);
    expect(first.data[0].actor).toMatchObject({ type: 'operator', ip: null, userAgent: null });
    const second = (await get(`/v1/audit?limit=2&pageToken=${first.nextPageToken}`)).json();
    expect([actions(second), second.hasMore]).toEqual([['tenant.created'], false]);
    expect((await get(`/v1/audit?action=x&pageToken=${first.nextPageToken}`)).statusCode).toBe(400);
  });

  it('shows nothing of another tenant', async () => {
    SignedIn.as = memberOf(newUuid(), 'owner');
    expect((await get('/v1/audit')).json().data).toEqual([]);
  });

  it('is CSV on request', async () => {
    SignedIn.as = memberOf(tenantId, 'owner');
    const csv = await get('/v1/audit', 'text/csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = csv.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^id,at,tenantId,actorType/);
    expect(lines[2]).toContain(`"'=unpaid, ""twice"""`);
  });

  it('never holds a secret', async () => {
    SignedIn.as = memberOf(tenantId, 'owner');
    const after = { name: 'x', password: 'hunter2', nested: [{ apiKey: 'maru_live_1', tokenHash: 'h' }] };
    const entry = { tenantId, actor: { type: 'system', id: null } as const, action: 'probe.made', after };
    await app.get(TenantDb, { strict: false }).run(tenantId, (m) => new AuditTrail().record(m, entry));
    const [event] = (await get('/v1/audit?action=probe.made')).json().data;
    expect(event.after).toEqual({
      name: 'x',
      password: '[redacted]',
      nested: [{ apiKey: '[redacted]', tokenHash: '[redacted]' }],
    });
  });
});
