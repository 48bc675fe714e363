import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { newUuid, publicId } from '../common/ids.js';
import { ServerConfig } from '../config/config.js';
import { principalPublicId } from './principal.js';
import { IMPERSONATOR_SCOPES, type Scope, SCOPES_OF_ROLE } from './scopes.js';
import { SigningKeyRing } from './signing-key-ring.js';
import type { Subject } from './subject.js';

/** Life of an access token of a person: 5 min. */
export const ACCESS_TOKEN_SECONDS = 300;
/** Life of an access token of a machine: 15 min. */
export const MACHINE_TOKEN_SECONDS = 900;
/** Audience of tenants' tokens. */
export const TENANT_AUDIENCE = 'maru-api';
/** Audience of operators' tokens; no token is good for both. */
export const OPERATOR_AUDIENCE = 'maru-console';

/** Claims of an access token (RFC 9068). */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly client_id: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  /** `ten_...`; absent for operators. */
  readonly tenant?: string;
  /** Space-separated. */
  readonly scope: string;
  /** uuid of the session; absent for machines, who have none. */
  readonly sid?: string;
  readonly ver: number;
}

/** Signs access tokens: ES256, `typ: at+jwt`. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly ring: SigningKeyRing,
    private readonly server: ServerConfig,
  ) {}

  async issue(subject: Subject, sessionId: string): Promise<string> {
    const claims = {
      client_id: 'maru-portal',
      ...(subject.tenantId ? { tenant: publicId('tenant', subject.tenantId) } : {}),
      scope: [...SCOPES_OF_ROLE[subject.role]].join(' '),
      sid: sessionId,
      ver: subject.ver,
    };
    const audience = subject.tenantId ? TENANT_AUDIENCE : OPERATOR_AUDIENCE;
    return this.sign(claims, { audience, subject: principalPublicId(subject), expiresIn: ACCESS_TOKEN_SECONDS });
  }

  /** A token of an API key; it ends with the key, whatever its own time says. */
  issueToMachine(key: { id: string; tenantId: string; scopes: readonly Scope[] }): Promise<string> {
    const subject = publicId('apiKey', key.id);
    const tenant = publicId('tenant', key.tenantId);
    const claims = { client_id: subject, tenant, scope: key.scopes.join(' '), ver: 0 };
    return this.sign(claims, { audience: TENANT_AUDIENCE, subject, expiresIn: MACHINE_TOKEN_SECONDS });
  }

  /** A token of an operator inside a tenant; it ends with the impersonation. */
  issueToImpersonator(of: { id: string; tenantId: string; subject: Subject; expiresIn: number }): Promise<string> {
    const tenant = publicId('tenant', of.tenantId);
    const scope = [...IMPERSONATOR_SCOPES].join(' ');
    const claims = { client_id: 'maru-portal', tenant, scope, sid: of.id, ver: of.subject.ver };
    const subject = principalPublicId(of.subject);
    return this.sign(claims, { audience: TENANT_AUDIENCE, subject, expiresIn: of.expiresIn });
  }

  private async sign(claims: object, about: { audience: string; subject: string; expiresIn: number }): Promise<string> {
    const { kid, privatePem } = await this.ring.signingKey();
    return this.jwt.signAsync(claims, {
      privateKey: privatePem,
      algorithm: 'ES256',
      keyid: kid,
      header: { alg: 'ES256', typ: 'at+jwt' },
      issuer: this.server.publicUrl,
      jwtid: newUuid(),
      ...about,
    });
  }
}
