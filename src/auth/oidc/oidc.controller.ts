import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { SessionCookie } from '../session-cookie.js';
import { SignInMethodsDto, SignInMethodsQueryDto } from './dto/sign-in-methods.dto.js';
import { OidcVisits } from './oidc-visits.js';

/** Signing in with the identity provider of a tenant. Start and callback are for browsers: they answer with redirects. */
@ApiTags('Authentication')
@Controller('v1/auth')
export class OidcController {
  constructor(
    private readonly visits: OidcVisits,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('sign-in-methods')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getSignInMethods',
    summary: 'How people may sign in',
    description: 'What the sign-in page of a tenant shows besides the password. The same for an unknown tenant.',
  })
  @ApiOkResponse({ type: SignInMethodsDto })
  async methods(@Query() { tenant }: SignInMethodsQueryDto, @Req() request: FastifyRequest): Promise<SignInMethodsDto> {
    return { object: 'sign_in_methods', oidc: await this.visits.offer(tenant ?? null, request) };
  }

  @Get('oidc/start')
  @Authenticated({ scope: 'public' })
  @ApiExcludeEndpoint()
  async start(
    @Req() request: FastifyRequest,
    @Query('returnTo') returnTo: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    away(reply, await this.visits.leave(request, reply, typeof returnTo === 'string' ? returnTo : undefined));
  }

  @Get('oidc/callback')
  @Authenticated({ scope: 'public' })
  @ApiExcludeEndpoint()
  async callback(
    @Req() request: FastifyRequest,
    @Actor() actor: AuditActor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { cookie, location } = await this.visits.comeBack(request, reply, actor);
    if (cookie !== null) this.cookie.set(reply, cookie);
    away(reply, location);
  }
}

/** Nothing of it is stored anywhere; the address behind it, with its code, is told to nobody. */
function away(reply: FastifyReply, location: string): void {
  const headers = { Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };
  void reply.status(303).headers(headers).send();
}
