import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor } from '../audit/audit-trail.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { Actor } from './actor.decorator.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentPrincipal } from './current-principal.decorator.js';
import { LoginDto } from './dto/login.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { TokensDto } from './dto/tokens.dto.js';
import type { Principal } from './principal.js';
import { AnswerChallengeDto } from './second-factor/dto/second-factor.dto.js';
import { SessionCookie } from './session-cookie.js';
import { SignInFlow } from './sign-in-flow.js';

/** Signing in, staying signed in, signing out. */
@ApiTags('Authentication')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly flow: SignInFlow,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'login',
    summary: 'Sign in with e-mail address and password',
    description:
      'Gives an access token of 5 min and a refresh token, or with `session: cookie` a browser session. After five failures an account must wait.',
  })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(401, 'second-factor-required', 'tenant-suspended', 'cross-site-request', 413, 415, 422)
  async login(
    @Body() body: LoginDto,
    @Actor() actor: AuditActor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    if (body.session === 'cookie' && request.headers.origin !== undefined) this.cookie.requireSameOrigin(request);
    const { tokens, cookie } = await this.flow.login(body, request.headers.host ?? '', actor);
    if (cookie !== null) this.cookie.set(reply, cookie);
    return tokens;
  }

  @Post('login/second-factor')
  @HttpCode(200)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'answerSecondFactor',
    summary: 'Sign in, second step',
    description:
      'For accounts whose login answers `second-factor-required`. The challenge is good for 5 min and five codes; a code works once.',
  })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(401, 'tenant-suspended', 'cross-site-request', 413, 415, 422)
  async answer(
    @Body() body: AnswerChallengeDto,
    @Actor() actor: AuditActor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    if (body.session === 'cookie' && request.headers.origin !== undefined) this.cookie.requireSameOrigin(request);
    const { tokens, cookie } = await this.flow.answer(body, actor);
    if (cookie !== null) this.cookie.set(reply, cookie);
    return tokens;
  }

  @Post('refresh')
  @HttpCode(200)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'refreshTokens',
    summary: 'Exchange a refresh token',
    description: 'Each refresh token is good for one exchange. A second use of an older one revokes the whole session.',
  })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(401, 'tenant-suspended', 413, 415, 422)
  refresh(@Body() body: RefreshDto, @Actor() actor: AuditActor): Promise<TokensDto> {
    return this.flow.refresh(body.refreshToken, actor);
  }

  @Post('logout')
  @HttpCode(204)
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'logout',
    summary: 'End the session of this credential',
    description: 'Revokes the cookie, or the whole family of refresh tokens. An API key has no session and stays good.',
  })
  @ApiNoContentResponse({ description: 'The session, its cookie and its tokens are no longer good' })
  async logout(
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.flow.logout(principal);
    this.cookie.clear(reply);
  }
}
