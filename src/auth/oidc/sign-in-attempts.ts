import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../common/clock.js';
import { openText, sealText } from '../../common/sealed-text.js';
import { Secrets, ServerConfig } from '../../config/config.js';
import type { AuthorizationAttempt } from './identity-provider.js';

const LIFE_SECONDS = 600;

/** A sign-in that left for the provider. */
export interface SignInAttemptRecord extends AuthorizationAttempt {
  /** Path of the portal to go to afterwards. */
  readonly returnTo: string;
}

/**
 * Attempts that are under way, each in a cookie of the browser that began it: sealed, for one tenant, good for ten minutes.
 * SameSite is lax, for the provider sends the browser back; the session cookie itself stays strict.
 */
@Injectable()
export class SignInAttempts {
  private readonly key: Buffer;
  private readonly name: string;
  private readonly isSecure: boolean;

  constructor(
    private readonly clock: Clock,
    secrets: Secrets,
    server: ServerConfig,
  ) {
    this.key = secrets.derive('oidc-attempts');
    this.isSecure = server.publicUrl.startsWith('https:');
    this.name = this.isSecure ? '__Host-maru_sign_in' : 'maru_sign_in';
  }

  begin(reply: FastifyReply, tenantId: string, attempt: SignInAttemptRecord): void {
    const expiresAt = this.clock.now() + LIFE_SECONDS * 1_000;
    const sealed = sealText(JSON.stringify({ ...attempt, expiresAt }), this.key, tenantId).toString('base64url');
    reply.setCookie(this.name, sealed, { ...this.attributes, maxAge: LIFE_SECONDS });
  }

  /** The attempt of this browser at this tenant, which is over by that; null when there is none, or it is too old. */
  take(request: FastifyRequest, reply: FastifyReply, tenantId: string): SignInAttemptRecord | null {
    const sealed = request.cookies[this.name];
    reply.clearCookie(this.name, this.attributes);
    const text = sealed ? openText(Buffer.from(sealed, 'base64url'), this.key, tenantId) : null;
    if (text === null) return null;
    const { expiresAt, ...attempt } = JSON.parse(text) as SignInAttemptRecord & { readonly expiresAt: number };
    return expiresAt > this.clock.now() ? attempt : null;
  }

  private get attributes() {
    return { path: '/', httpOnly: true, secure: this.isSecure, sameSite: 'lax' } as const;
  }
}
