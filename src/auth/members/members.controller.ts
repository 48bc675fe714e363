import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { type Page, pageOf } from '../../http/page.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { PageTokens } from '../../http/page-tokens.js';
import { PublicIdPipe } from '../../http/public-id.pipe.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { Tenant, type TenantContext } from '../tenant-context.js';
import { ChangeMemberDto, InviteMemberDto } from './dto/change-member.dto.js';
import { MemberDto, MemberPageDto, MemberWithLinkDto, toMemberDto, toMemberWithLinkDto } from './dto/member.dto.js';
import { MemberAdministration } from './member-administration.js';

const ID = { name: 'id', example: 'mem_01m8323e5reaxrt2ryy9phpt8y' };
const Id = () => Param('id', new PublicIdPipe('member'));

/** The people of a tenant. */
@ApiTags('Tenant')
@Controller('v1/members')
export class MembersController {
  constructor(
    private readonly members: MemberAdministration,
    private readonly pageTokens: PageTokens,
  ) {}

  @Get()
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'listMembers',
    summary: 'Members, oldest first',
    description: 'Everybody of the tenant.',
  })
  @ApiOkResponse({ type: MemberPageDto })
  async list(@Tenant() context: TenantContext, @Query() query: PageQueryDto): Promise<Page<MemberDto>> {
    const binding = { tenantId: context.tenantId, list: 'members', filters: {} };
    const after = this.pageTokens.open(query.pageToken, binding);
    const rows = await this.members.list(context, query.limit + 1, after);
    return pageOf(rows, query.limit, toMemberDto, (last) => this.pageTokens.seal(last.id, binding));
  }

  @Post()
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'inviteMember',
    summary: 'Invite somebody',
    description:
      'They choose a password at a link that works once, for 7 days. Without a mail transport you hand it on.',
  })
  @ApiCreatedResponse({ type: MemberWithLinkDto, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblems('already-exists', 413, 415, 422)
  async invite(
    @Tenant() context: TenantContext,
    @Body() body: InviteMemberDto,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberWithLinkDto> {
    const invited = toMemberWithLinkDto(await this.members.invite(context, body, actor));
    reply.header('Location', `/v1/members/${invited.id}`);
    return invited;
  }

  @Patch(':id')
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'changeMember',
    summary: 'Change name, role or status of a member',
    description:
      'Another role or status ends access tokens within 5 s. The last owner stays one; only owners change owners.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: MemberDto })
  @ApiProblems(404, 'invalid-state-transition', 413, 415, 422)
  async change(
    @Tenant() context: TenantContext,
    @Id() id: string,
    @Body() body: ChangeMemberDto,
    @Actor() actor: AuditActor,
  ): Promise<MemberDto> {
    return toMemberDto(await this.members.change(context, id, body, actor));
  }

  @Delete(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'removeMember',
    summary: 'Remove a member',
    description: 'Ends their sessions. API keys that they made belong to the tenant and stay.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'The member is gone' })
  @ApiProblems(404, 'invalid-state-transition')
  async remove(@Tenant() context: TenantContext, @Id() id: string, @Actor() actor: AuditActor): Promise<void> {
    await this.members.remove(context, id, actor);
  }

  @Post(':id/invitation')
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'renewInvitation',
    summary: 'Make a new invitation link',
    description: 'The older link is void. For members who have not accepted yet.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: MemberWithLinkDto })
  @ApiProblems(404, 'invalid-state-transition')
  async renewInvitation(
    @Tenant() context: TenantContext,
    @Id() id: string,
    @Actor() actor: AuditActor,
  ): Promise<MemberWithLinkDto> {
    return toMemberWithLinkDto(await this.members.renewInvitation(context, id, actor));
  }

  @Post(':id/password-reset')
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'offerPasswordReset',
    summary: 'Make a link for a new password',
    description: 'For a member who forgot it. Works once, for an hour; the old password stays good until then.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: MemberWithLinkDto })
  @ApiProblems(404, 'invalid-state-transition')
  async offerPasswordReset(
    @Tenant() context: TenantContext,
    @Id() id: string,
    @Actor() actor: AuditActor,
  ): Promise<MemberWithLinkDto> {
    return toMemberWithLinkDto(await this.members.resetPassword(context, id, actor));
  }

  @Delete(':id/second-factor')
  @HttpCode(204)
  @Authenticated({ scope: 'members:manage' })
  @ApiOperation({
    operationId: 'removeMemberSecondFactor',
    summary: 'Remove the second factor of a member',
    description:
      'For somebody who lost phone and recovery codes. They sign in with the password alone and set up a new one.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'The member has no second factor' })
  @ApiProblems(404)
  async removeSecondFactor(
    @Tenant() context: TenantContext,
    @Id() id: string,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    await this.members.removeSecondFactor(context, id, actor);
  }
}
