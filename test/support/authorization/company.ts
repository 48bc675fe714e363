import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessTokens } from '../../../src/auth/access-tokens.js';
import { ApiKeys } from '../../../src/auth/api-keys.service.js';
import { PasswordHasher } from '../../../src/auth/password-hasher.js';
import type { Scope } from '../../../src/auth/scopes.js';
import { Sessions } from '../../../src/auth/sessions.service.js';
import { newUuid, publicId } from '../../../src/common/ids.js';
import { TenantDb } from '../../../src/database/tenant-db.js';
import { TenantOnboarding } from '../../../src/tenants/tenant-onboarding.js';
import { ownerQuery as query } from '../owner-query.js';
import { KEY, type MemberName, MEMBERS, type PrincipalName } from './contract.js';

export const PASSWORD = 'seven lamps above the quay';

/** Somebody or something that can call, and what belongs to it alone. */
export interface Caller {
  readonly name: PrincipalName;
  /** Null: without a credential. */
  token: string | null;
  /** uuid of the member; null for everybody else. */
  readonly memberId: string | null;
  /** Makes a token for one that ends within minutes. */
  readonly renew?: () => Promise<string>;
}

/** Gives callers whose tokens end soon new ones: for whoever asks longer than such a token lives. */
export async function renewTokens(callers: Iterable<Caller>): Promise<void> {
  for (const caller of callers) if (caller.renew) caller.token = await caller.renew();
}

/** A tenant with one caller of each kind. */
export interface Company {
  readonly tenantId: string;
  /** `ten_...` */
  readonly id: string;
  /** Stands in whatever belongs to it: a trace of it in an answer to somebody else is a leak. */
  readonly slug: string;
  readonly host: string;
  readonly callers: ReadonlyMap<PrincipalName, Caller>;
  readonly owner: Caller;
}

let passwordHash: Promise<string> | null = null;
/** One hash for all: it takes long. */
function hashOfPassword(): Promise<string> {
  return (passwordHash ??= new PasswordHasher().hash(PASSWORD));
}

/** A new tenant that no limit holds back, which may use these analyzers, with all its callers. */
export async function newCompany(
  app: NestFastifyApplication,
  operator: { readonly token: string },
  analyzers: readonly string[],
): Promise<Company> {
  const slug = `m${randomUUID().replaceAll('-', '').slice(0, 14)}`;
  const tenantId = await app.get(TenantOnboarding, { strict: false }).create({ slug, name: `Company ${slug}` });
  for (const name of ['requests', 'key', 'submit', 'daily']) {
    await query(
      `insert into maru.tenant_quotas (tenant_id, name, quota, reason) values ($1, $2, 100000000, 'no limit here')`,
      [tenantId, name],
    );
  }
  for (const analyzer of analyzers) {
    await query('insert into maru.analyzers (tenant_id, id, slug) values ($1, $2, $3)', [
      tenantId,
      newUuid(),
      analyzer,
    ]);
  }
  const id = publicId('tenant', tenantId);
  const callers = new Map<PrincipalName, Caller>();
  for (const name of MEMBERS) callers.set(name, await newMember(app, { tenantId, slug }, name));
  for (const caller of await machinesOf(app, tenantId, slug)) callers.set(caller.name, caller);
  const impersonator = await impersonationOf(app, operator.token, id);
  callers.set('impersonator', { name: 'impersonator', token: impersonator, memberId: null });
  callers.set('anonymous', { name: 'anonymous', token: null, memberId: null });
  const host = `${slug}.localhost:3000`;
  return { tenantId, id, slug, host, callers, owner: callers.get('owner')! };
}

/** A new member with PASSWORD, signed in. */
export async function newMember(
  app: NestFastifyApplication,
  { tenantId, slug }: Pick<Company, 'tenantId' | 'slug'>,
  role: MemberName,
): Promise<Caller> {
  const memberId = newUuid();
  await app.get(TenantDb, { strict: false }).one(tenantId, {
    text: 'insert into maru.members (tenant_id, id, email, name, role, password_hash) values ($1, $2, $3, $4, $5, $6)',
    values: [
      tenantId,
      memberId,
      `${role}-${memberId.slice(-10)}@${slug}.example`,
      `${role} ${slug}`,
      role,
      await hashOfPassword(),
    ],
  });
  const common = { id: memberId, tenantId, role, ver: 1, isActive: true, isTenantSuspended: false };
  const subject = { kind: 'member', ...common } as const;
  const session = await app.get(Sessions, { strict: false }).open('refresh', subject);
  const renew = () => app.get(AccessTokens, { strict: false }).issue(subject, session.id);
  return { name: role, token: await renew(), memberId, renew };
}

/** A new operator with PASSWORD, signed in. */
export async function newOperator(
  app: NestFastifyApplication,
): Promise<Caller & { token: string; readonly id: string }> {
  const id = newUuid();
  const values = [id, `operator-${id.slice(-10)}@maru.example`, await hashOfPassword()];
  await query(`insert into maru.operators (id, email, name, password_hash) values ($1, $2, 'Operator', $3)`, values);
  const common = { id, tenantId: null, role: 'operator', ver: 1, isActive: true, isTenantSuspended: false } as const;
  const subject = { kind: 'operator', ...common } as const;
  const session = await app.get(Sessions, { strict: false }).open('refresh', subject);
  const renew = () => app.get(AccessTokens, { strict: false }).issue(subject, session.id);
  return { name: 'operator', token: await renew(), memberId: null, renew, id };
}

async function machinesOf(app: NestFastifyApplication, tenantId: string, slug: string): Promise<Caller[]> {
  const keys = app.get(ApiKeys, { strict: false });
  const scopes = KEY as Scope[];
  const whole = await keys.issue(tenantId, { name: `key ${slug}`, scopes });
  const narrow = await keys.issue(tenantId, { name: `narrow ${slug}`, scopes: ['jobs:read'] });
  const renew = () => app.get(AccessTokens, { strict: false }).issueToMachine({ id: whole.id, tenantId, scopes });
  return [
    { name: 'machine', token: await renew(), memberId: null, renew },
    { name: 'key', token: whole.key, memberId: null },
    { name: 'narrow key', token: narrow.key, memberId: null },
  ];
}

async function impersonationOf(app: NestFastifyApplication, token: string, id: string): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/admin/impersonations',
    headers: { authorization: `Bearer ${token}` },
    payload: { tenantId: id, reason: 'to see what there is', expiresInMinutes: 60 },
  });
  return answer.json<{ accessToken: string }>().accessToken;
}
