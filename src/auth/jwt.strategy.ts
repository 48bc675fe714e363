import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { ServerConfig } from '../config/config.js';
import { type AccessClaims, OPERATOR_AUDIENCE, TENANT_AUDIENCE } from './access-tokens.js';
import { UnauthenticatedError } from './auth.errors.js';
import { type Principal, principalPublicId } from './principal.js';
import { Principals } from './principals.js';
import { SigningKeyRing } from './signing-key-ring.js';
import { holderOf } from './token-holder.js';

/** The keys could not be read: a fault of ours, unlike everything else that passport-jwt reports. */
export class KeyLookupFailure extends Error {}

/** Access tokens: signature, issuer, audience and times by passport-jwt; header, session and subject by us. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'maru-jwt') {
  constructor(
    ring: SigningKeyRing,
    server: ServerConfig,
    private readonly principals: Principals,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: ['ES256'],
      issuer: server.publicUrl,
      audience: [TENANT_AUDIENCE, OPERATOR_AUDIENCE],
      ignoreExpiration: false,
      passReqToCallback: true,
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: string) => void) =>
        void ring.publicKeyFor(token).then(
          (key) => done(null, key),
          (error: unknown) =>
            done(error instanceof UnauthenticatedError ? error : new KeyLookupFailure('keys', { cause: error })),
        ),
    });
  }

  async validate({ ip }: { ip: string }, claims: AccessClaims): Promise<Principal> {
    const principal = await holderOf(this.principals, claims, ip);
    if (!principal || principalPublicId(principal) !== claims.sub) throw new UnauthenticatedError();
    return principal;
  }
}
