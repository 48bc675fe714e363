import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { newUuid, publicId } from '../common/ids.js';
import { ServerConfig } from '../config/config.js';
import { principalPublicId } from './principal.js';
import { SCOPES_OF_ROLE } from './scopes.js';
import { SigningKeyRing } from './signing-key-ring.js';
import type { Subject } from './subject.js';

/** Life of an access token of a person: 5 min. */
export const ACCESS_TOKEN_SECONDS = 300;
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
  /** uuid of the session. */
  readonly sid: string;
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
    const { kid, privatePem } = await this.ring.signingKey();
    const claims = {
      client_id: 'maru-portal',
      ...(subject.tenantId ? { tenant: publicId('tenant', subject.tenantId) } : {}),
      scope: [...SCOPES_OF_ROLE[subject.role]].join(' '),
      sid: sessionId,
      ver: subject.ver,
    };
    return this.jwt.signAsync(claims, {
      privateKey: privatePem,
      algorithm: 'ES256',
      keyid: kid,
      header: { alg: 'ES256', typ: 'at+jwt' },
      issuer: this.server.publicUrl,
      audience: subject.tenantId ? TENANT_AUDIENCE : OPERATOR_AUDIENCE,
      subject: principalPublicId(subject),
      jwtid: newUuid(),
      expiresIn: ACCESS_TOKEN_SECONDS,
    });
  }
}
