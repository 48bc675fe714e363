import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import type { MemberRole } from '../../src/auth/scopes.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import { newUuid, publicId } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { TenantOnboarding } from '../../src/tenants/tenant-onboarding.js';

/** A member with a session, made without a password: hashing one takes longer than most tests. */
export interface Person {
  readonly tenantId: string;
  readonly memberId: string;
  /** `mem_...` */
  readonly id: string;
  readonly email: string;
  readonly token: string;
  /** A call as this member, with its JSON answer. */
  call<T = Record<string, unknown>>(method: Method, url: string, payload?: object): Promise<Answer<T>>;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Record<string, unknown>;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

/** A call with a bearer token, or without one. */
export async function callAs<T = Record<string, unknown>>(
  app: NestFastifyApplication,
  token: string | null,
  method: Method,
  url: string,
  payload?: object,
): Promise<Answer<T>> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
  const body = answer.body === '' ? (null as T) : answer.json<T>();
  return { status: answer.statusCode, body, headers: answer.headers };
}

/** A new tenant without members; resolves with its uuid. */
export function newTenant(app: NestFastifyApplication): Promise<string> {
  const slug = `t${randomUUID().slice(0, 8)}`;
  return app.get(TenantOnboarding, { strict: false }).create({ slug, name: slug });
}

/** A new active member of a tenant, signed in. */
export async function newPerson(app: NestFastifyApplication, tenantId: string, role: MemberRole): Promise<Person> {
  const memberId = newUuid();
  const email = `${role}-${memberId.slice(-8)}@example.com`;
  await app.get(TenantDb, { strict: false }).one(tenantId, {
    text: `insert into maru.members (tenant_id, id, email, name, role) values ($1, $2, $3, $4, $4)`,
    values: [tenantId, memberId, email, role],
  });
  const subject = {
    kind: 'member',
    id: memberId,
    tenantId,
    role,
    ver: 1,
    isActive: true,
    isTenantSuspended: false,
  } as const;
  const session = await app.get(Sessions, { strict: false }).open('refresh', subject);
  const token = await app.get(AccessTokens, { strict: false }).issue(subject, session.id);
  const id = publicId('member', memberId);
  return { tenantId, memberId, id, email, token, call: (...args) => callAs(app, token, ...args) };
}

/** Actions of a tenant's audit log since it was created, oldest first. */
export async function auditedActions(app: NestFastifyApplication, tenantId: string): Promise<string[]> {
  const text = `select action from maru.audit_events where action <> 'tenant.created' order by id`;
  return (await app.get(TenantDb, { strict: false }).one<{ action: string }>(tenantId, { text })).map((e) => e.action);
}
