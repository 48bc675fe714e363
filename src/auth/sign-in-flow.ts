import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-tokens.js';
import type { LoginDto } from './dto/login.dto.js';
import type { TokensDto } from './dto/tokens.dto.js';
import type { Principal } from './principal.js';
import { Principals } from './principals.js';
import type { AnswerChallengeDto } from './second-factor/dto/second-factor.dto.js';
import { SecondFactors } from './second-factor/second-factors.service.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';
import type { Subject } from './subject.js';

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
    private readonly factors: SecondFactors,
  ) {}

  /** @throws BadCredentialsError, LoginThrottledError, TenantSuspendedError, SecondFactorRequiredError */
  async login(body: LoginDto, host: string, actor: AuditActor): Promise<LoginResult> {
    const { tenant = null, email, password } = body;
    const subject = await this.signIn.signIn({ tenant, email, password, host, address: actor.ip ?? '' });
    await this.factors.require(subject); // after the password: a code alone opens nothing
    return this.enter(subject, body.session ?? 'refresh', actor);
  }

  /** The second step of a sign-in. @throws WrongCodeError, LoginThrottledError, TenantSuspendedError */
  async answer({ challenge, code, session }: AnswerChallengeDto, actor: AuditActor): Promise<LoginResult> {
    const { realm, subjectKind, subjectId } = await this.factors.answer(challenge, code);
    return this.enter(await this.signIn.readmit(realm, subjectKind, subjectId), session ?? 'refresh', actor);
  }

  /** Opens a session for somebody whose credentials were checked. */
  async enter(subject: Subject, kind: 'cookie' | 'refresh', actor: AuditActor): Promise<LoginResult> {
    const session = await this.sessions.open(kind, subject, actor);
    const accessToken = await this.accessTokens.issue(subject, session.id);
    if (kind === 'cookie') return { tokens: tokensOf(accessToken, null), cookie: session.token };
    return { tokens: tokensOf(accessToken, session.token), cookie: null };
  }

  /** @throws UnauthenticatedError, TenantSuspendedError */
  async refresh(refreshToken: string, actor: AuditActor): Promise<TokensDto> {
    const { tenantId, subjectKind, subjectId } = await this.sessions.ownerOf(refreshToken);
    const subject = await this.signIn.readmit(tenantId, subjectKind, subjectId); // first: a refusal must not use the token up
    const session = await this.sessions.refresh(refreshToken, actor);
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
