import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServerConfig } from '../config/config.js';
import { CrossSiteRequestError } from './auth.errors.js';

const MAX_AGE_SECONDS = 30 * 86_400; // as the session itself
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The cookie of a browser session. `__Host-` and Secure on https; a plain name on the loopback of a developer. */
@Injectable()
export class SessionCookie {
  readonly name: string;
  private readonly isSecure: boolean;

  constructor(server: ServerConfig) {
    const url = new URL(server.publicUrl);
    this.isSecure = url.protocol === 'https:';
    if (!this.isSecure && !isLocal(url.hostname)) {
      throw new Error(
        `PUBLIC_URL ${server.publicUrl} must be https: a session cookie over http can be read on the way.`,
      );
    }
    this.name = this.isSecure ? '__Host-maru_session' : 'maru_session';
  }

  read(request: FastifyRequest): string | null {
    return request.cookies[this.name] ?? null;
  }

  set(reply: FastifyReply, value: string): void {
    reply.setCookie(this.name, value, { ...this.attributes, maxAge: MAX_AGE_SECONDS });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.name, this.attributes);
  }

  /** Refuses an unsafe request that a page of another host started. Throws CrossSiteRequestError. */
  requireSameOrigin(request: FastifyRequest): void {
    if (SAFE_METHODS.has(request.method)) return;
    const { origin, host } = request.headers;
    if (!origin || !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase()) {
      throw new CrossSiteRequestError();
    }
  }

  private get attributes() {
    return { path: '/', httpOnly: true, secure: this.isSecure, sameSite: 'strict' } as const;
  }
}

/** Loopback, and the unspecified address that means "all interfaces" in development. */
function isLocal(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname);
}
