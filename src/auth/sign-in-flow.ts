import { Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-tokens.js';
import type { LoginDto } from './dto/login.dto.js';
import type { TokensDto } from './dto/tokens.dto.js';
import type { Principal } from './principal.js';
import { Principals } from './principals.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';

/** Tokens for the body of an answer, and the value of the session cookie when one was asked for. */
export interface LoginResult {
  readonly tokens: TokensDto;
  readonly cookie: string | null;
}

/** From a checked password to tokens, and from one set of tokens to the next. */
@Injectable()
export class SignInFlow {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly accessTokens: AccessTokens,
    private readonly principals: Principals,
  ) {}

  /** @throws BadCredentialsError, LoginThrottledError, TenantSuspendedError */
  async login(body: LoginDto, host: string): Promise<LoginResult> {
    const { tenant = null, email, password } = body;
    const subject = await this.signIn.signIn({ tenant, email, password, host });
    const session = await this.sessions.open(body.session === 'cookie' ? 'cookie' : 'refresh', subject);
    const accessToken = await this.accessTokens.issue(subject, session.id);
    if (body.session === 'cookie') return { tokens: tokensOf(accessToken, null), cookie: session.token };
    return { tokens: tokensOf(accessToken, session.token), cookie: null };
  }

  /** @throws UnauthenticatedError, TenantSuspendedError */
  async refresh(refreshToken: string): Promise<TokensDto> {
    const session = await this.sessions.refresh(refreshToken);
    const subject = await this.signIn.readmit(session.tenantId, session.subjectKind, session.subjectId);
    return tokensOf(await this.accessTokens.issue(subject, session.id), session.token);
  }

  /** Ends the session behind a credential; an API key has none. */
  async logout({ tenantId, sessionId }: Principal): Promise<void> {
    if (sessionId === null) return;
    await this.sessions.revoke(tenantId, sessionId);
    this.principals.forget();
  }
}

function tokensOf(accessToken: string, refreshToken: string | null): TokensDto {
  return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS, refreshToken };
}
