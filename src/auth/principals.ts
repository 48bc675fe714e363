import { Injectable } from '@nestjs/common';
import { TtlCache } from '../common/ttl-cache.js';
import { ApiKeys } from './api-keys.service.js';
import { TenantSuspendedError } from './auth.errors.js';
import { Members } from './members.service.js';
import { hashOfToken, NIL_TENANT, tenantOfToken } from './opaque-token.js';
import { Operators } from './operators.service.js';
import type { Principal } from './principal.js';
import { SCOPES_OF_ROLE } from './scopes.js';
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

  /** Forgets every answer: call it after this process revoked something. */
  forget(): void {
    this.known.clear();
  }

  private async loadApiKey(text: string, address: string): Promise<Known | null> {
    const key = await this.apiKeys.verify(text, address);
    if (!key) return null;
    const { id, tenantId, scopes, isTenantSuspended } = key;
    const common = { kind: 'api_key', role: 'api_key', credential: 'api_key', sessionId: null } as const;
    return { principal: { ...common, id, tenantId, scopes }, ver: 0, isTenantSuspended };
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

  private subjectOf(realm: string, { subjectKind, subjectId }: SessionRow): Promise<Subject | null> {
    if (subjectKind === 'member') return this.members.findSubject(realm, subjectId);
    return realm === NIL_TENANT ? this.operators.findSubject(subjectId) : Promise.resolve(null);
  }
}

function admit(known: Known | null): Principal | null {
  if (known?.isTenantSuspended) throw new TenantSuspendedError();
  return known?.principal ?? null;
}
