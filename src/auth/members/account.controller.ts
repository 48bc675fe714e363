import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { TokensDto } from '../dto/tokens.dto.js';
import { SessionCookie } from '../session-cookie.js';
import { SignInFlow } from '../sign-in-flow.js';
import { SignIn } from '../sign-in.service.js';
import { AccountRecovery } from './account-recovery.js';
import {
  AcceptInvitationDto,
  ForgotPasswordDto,
  InspectInvitationDto,
  InvitationDto,
  ResetPasswordDto,
} from './dto/account.dto.js';

/** One-time links: how people get into their account the first time, and back into it. */
@ApiTags('Authentication')
@Controller('v1/auth')
export class AccountController {
  constructor(
    private readonly recovery: AccountRecovery,
    private readonly signIn: SignIn,
    private readonly flow: SignInFlow,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('invitations/inspect')
  @HttpCode(200)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'inspectInvitation',
    summary: 'Whom an invitation is for',
    description: 'For the page that its link leads to. The link stays good.',
  })
  @ApiOkResponse({ type: InvitationDto })
  @ApiProblems(401, 'tenant-suspended', 413, 415, 422)
  async inspect(@Body() body: InspectInvitationDto): Promise<InvitationDto> {
    const { email, name } = await this.recovery.inspect(body.token);
    return { object: 'invitation', email, name };
  }

  @Post('invitations/accept')
  @HttpCode(200)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'acceptInvitation',
    summary: 'Accept an invitation',
    description: 'Sets the password and signs in: the answer is that of a login. The link works once.',
  })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems(401, 'tenant-suspended', 'cross-site-request', 413, 415, 422)
  async accept(
    @Body() body: AcceptInvitationDto,
    @Actor() actor: AuditActor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    if (body.session === 'cookie' && request.headers.origin !== undefined) this.cookie.requireSameOrigin(request);
    const { tenantId, memberId } = await this.recovery.accept(body.token, body.password, body.name ?? null, actor);
    const subject = await this.signIn.readmit(tenantId, 'member', memberId);
    const { tokens, cookie } = await this.flow.enter(subject, body.session ?? 'refresh', actor);
    if (cookie !== null) this.cookie.set(reply, cookie);
    return tokens;
  }

  @Post('password/forgot')
  @HttpCode(202)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'forgotPassword',
    summary: 'Ask for a link to a new password',
    description:
      'Always 202, whether there is such an account or not. Without a mail transport an admin makes the link.',
  })
  @ApiResponse({ status: 202, description: 'If there is such an account, a link is on its way' })
  @ApiProblems(413, 415, 422)
  async forgot(@Body() body: ForgotPasswordDto, @Req() request: FastifyRequest): Promise<void> {
    const host = request.headers.host ?? '';
    const tenant = await this.signIn.tenantOf({ tenant: body.tenant ?? null, host });
    await this.recovery.requestReset(tenant?.id ?? null, body.email);
  }

  @Post('password/reset')
  @HttpCode(204)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'resetPassword',
    summary: 'Set a new password',
    description: 'Ends every session of the account. The link works once.',
  })
  @ApiNoContentResponse({ description: 'Sign in with the new password' })
  @ApiProblems(401, 'tenant-suspended', 413, 415, 422)
  async reset(@Body() body: ResetPasswordDto, @Actor() actor: AuditActor): Promise<void> {
    await this.recovery.reset(body.token, body.password, actor);
  }
}
