import { Injectable } from '@nestjs/common';
import { TtlCache } from '../common/ttl-cache.js';
import { ApiKeys, type VerifiedApiKey } from './api-keys.service.js';
import { TenantSuspendedError } from './auth.errors.js';
import { ImpersonationsRepository } from './impersonation/impersonations.repository.js';
import { Members } from './members.service.js';
import { hashOfToken, NIL_TENANT, tenantOfToken } from './opaque-token.js';
import { Operators } from './operators.service.js';
import type { Principal } from './principal.js';
import { IMPERSONATOR_SCOPES, SCOPES_OF_ROLE } from './scopes.js';
import { type SessionRow, SessionsRepository } from './sessions.repository.js';
import type { Subject } from './subject.js';

const TTL_MS = 5_000; // a revocation or suspension takes effect within 5 s
const MAX_PRINCIPALS = 10_000; // about 0.5 KiB each

interface Known {
  readonly principal: Principal;
  readonly ver: number;
  readonly isTenantSuspended: boolean;
}

/**
 * Who stands behind a credential. Answers are at most 5 s old; null = the credential is no (longer) good.
 * Every method throws TenantSuspendedError for a good credential of a suspended tenant.
 */
@Injectable()
export class Principals {
  private readonly known = new TtlCache<Known | null>(TTL_MS, MAX_PRINCIPALS);

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly members: Members,
    private readonly operators: Operators,
    private readonly apiKeys: ApiKeys,
    private readonly impersonations: ImpersonationsRepository,
  ) {}

  /** @param address of the client: a key may be tied to ranges */
  async ofApiKey(key: string, address: string): Promise<Principal | null> {
    const cacheKey = `key:${address}:${hashOfToken(key).toString('base64')}`;
    return admit(await this.known.get(cacheKey, () => this.loadApiKey(key, address)));
  }

  async ofCookie(cookie: string): Promise<Principal | null> {
    const tenantId = tenantOfToken(cookie);
    if (!tenantId) return null;
    const hash = hashOfToken(cookie);
    const find = () => this.sessions.findByCookie(tenantId, hash);
    return admit(
      await this.known.get(`cookie:${hash.toString('base64')}`, () => this.loadSession(tenantId, 'session', find)),
    );
  }

  /**
   * @param tenantId null for operators
   * @param ver of the token: an older one than the subject's is refused
   */
  async ofSession(tenantId: string | null, sessionId: string, ver: number): Promise<Principal | null> {
    const realm = tenantId ?? NIL_TENANT;
    const find = () => this.sessions.findById(realm, sessionId);
    const known = await this.known.get(`jwt:${realm}:${sessionId}`, () => this.loadSession(realm, 'jwt', find));
    return known && ver < known.ver ? null : admit(known);
  }

  /**
   * The holder of a machine's token: what the key may still do, of what the token was given.
   * @param scope claim of the token, space-separated
   */
  async ofMachine(tenantId: string, keyId: string, scope: string, address: string): Promise<Principal | null> {
    const load = async () => toKnown(await this.apiKeys.find(tenantId, keyId, address), 'jwt');
    const principal = admit(await this.known.get(`machine:${address}:${tenantId}:${keyId}`, load));
    if (!principal) return null;
    const granted = new Set(scope.split(' '));
    return { ...principal, scopes: new Set([...principal.scopes].filter((held) => granted.has(held))) };
  }

  /** An operator who looks at a tenant. @param ver of the token, as in `ofSession` */
  async ofImpersonation(tenantId: string, id: string, ver: number): Promise<Principal | null> {
    const known = await this.known.get(`impersonation:${tenantId}:${id}`, () => this.loadImpersonation(tenantId, id));
    return known && ver < known.ver ? null : admit(known);
  }

  /** Forgets every answer: call it after this process revoked something. */
  forget(): void {
    this.known.clear();
  }

  private async loadApiKey(text: string, address: string): Promise<Known | null> {
    return toKnown(await this.apiKeys.verify(text, address), 'api_key');
  }

  private async loadSession(
    realm: string,
    credential: 'jwt' | 'session',
    find: () => Promise<SessionRow | null>,
  ): Promise<Known | null> {
    const session = await find();
    const subject = session && (await this.subjectOf(realm, session));
    if (!session || !subject?.isActive) return null;
    const { kind, id, tenantId, role, ver, isTenantSuspended } = subject;
    const scopes = SCOPES_OF_ROLE[role];
    return {
      principal: { kind, id, tenantId, role, scopes, credential, sessionId: session.id },
      ver,
      isTenantSuspended,
    };
  }

  private async loadImpersonation(tenantId: string, id: string): Promise<Known | null> {
    const live = await this.impersonations.find(tenantId, id);
    const operator = live && (await this.operators.findSubject(live.operatorId));
    if (!live || !operator?.isActive) return null;
    const common = { kind: 'operator', role: 'viewer', credential: 'jwt', scopes: IMPERSONATOR_SCOPES } as const;
    const principal = { ...common, id: operator.id, tenantId, sessionId: id };
    return { principal, ver: operator.ver, isTenantSuspended: live.isTenantSuspended };
  }

  private subjectOf(realm: string, { subjectKind, subjectId }: SessionRow): Promise<Subject | null> {
    if (subjectKind === 'member') return this.members.findSubject(realm, subjectId);
    return realm === NIL_TENANT ? this.operators.findSubject(subjectId) : Promise.resolve(null);
  }
}

function admit(known: Known | null): Principal | null {
  if (known?.isTenantSuspended) throw new TenantSuspendedError();
  return known?.principal ?? null;
}

function toKnown(key: VerifiedApiKey | null, credential: 'api_key' | 'jwt'): Known | null {
  if (!key) return null;
  const { id, tenantId, scopes, isTenantSuspended } = key;
  const common = { kind: 'api_key', role: 'api_key', credential, sessionId: null } as const;
  return { principal: { ...common, id, tenantId, scopes }, ver: 0, isTenantSuspended };
}
