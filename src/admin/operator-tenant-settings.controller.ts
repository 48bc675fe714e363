import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuditActor } from '../audit/audit-trail.js';
import { Actor } from '../auth/actor.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { MemberWithLinkDto, toMemberWithLinkDto } from '../auth/members/dto/member.dto.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { QuotaListDto } from '../usage/dto/quota.dto.js';
import { Quotas } from '../usage/quotas.js';
import { ChangeTenantDto, DeleteTenantDto } from './dto/change-tenant.dto.js';
import { InviteOwnerDto } from './dto/invite-owner.dto.js';
import { SetAnalyzersDto, SetQuotasDto } from './dto/set-quotas.dto.js';
import { TenantSettingsDto } from './dto/tenant-settings.dto.js';
import { FirstAccess } from './first-access.js';
import { TenantAnalyzerGrants } from './tenant-analyzer-grants.js';
import { TenantExport, type TenantExportDocument } from './tenant-export.js';
import { TenantViews } from './tenant-views.js';

const ID = { name: 'id', example: 'ten_01m8323e5rfaqba79afy7192zq' };
const DEFAULT_GRACE_DAYS = 30;

/** What operators decide about a tenant. */
@ApiTags('Operator')
@Controller('v1/admin/tenants/:id')
export class OperatorTenantSettingsController {
  constructor(
    private readonly views: TenantViews,
    private readonly administration: TenantAdministration,
    private readonly grants: TenantAnalyzerGrants,
    private readonly quotas: Quotas,
    private readonly exports: TenantExport,
    private readonly access: FirstAccess,
  ) {}

  @Patch()
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'changeTenant',
    summary: 'Change a tenant',
    description: 'Absent fields stay. With `If-Match` it is changed only if it still is what you read. Audited.',
  })
  @ApiParam(ID)
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'ETag of the tenant as you read it',
    example: '"3f2ab91c04de"',
  })
  @ApiOkResponse({ type: TenantSettingsDto, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiProblems(404, 412, 413, 415, 422)
  async change(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: ChangeTenantDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantSettingsDto> {
    await this.administration.change(id, body, ifMatch, actor);
    return this.views.tagged(id, reply);
  }

  @Delete()
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'deleteTenant',
    summary: 'Delete a tenant after a time of grace',
    description:
      'Suspends it at once. When the days of grace are over, all of its data is removed, but for its audit log and usage ledger; until then `resume` takes it back.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TenantSettingsDto })
  @ApiProblems(404, 413, 415, 422)
  async remove(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: DeleteTenantDto,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantSettingsDto> {
    await this.administration.remove(id, body.reason, body.graceDays ?? DEFAULT_GRACE_DAYS, actor);
    return this.views.tagged(id, reply);
  }

  @Get('quotas')
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'listTenantQuotas',
    summary: 'Limits of a tenant and how much of them is used',
    description: 'As the tenant sees them at GET /v1/quotas.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: QuotaListDto })
  @ApiProblems(404)
  async readQuotas(@Param('id', new PublicIdPipe('tenant')) id: string): Promise<QuotaListDto> {
    await this.administration.settings(id);
    return this.quotas.list(id);
  }

  @Put('quotas')
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'setTenantQuotas',
    summary: 'Set all exceptions from the plan of a tenant',
    description: 'Each has a reason and may have an end. Seen by every process within seconds. Audited.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: QuotaListDto })
  @ApiProblems(404, 413, 415, 422)
  async setQuotas(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: SetQuotasDto,
    @Actor() actor: AuditActor,
  ): Promise<QuotaListDto> {
    const quotas = body.quotas.map((quota) => ({ ...quota, expiresAt: quota.expiresAt ?? null }));
    await this.administration.setQuotas(id, quotas, actor);
    return this.quotas.list(id);
  }

  @Put('analyzers')
  @HttpCode(204)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'setTenantAnalyzers',
    summary: 'Set which analyzers a tenant may use',
    description: 'All others end for new jobs within seconds; jobs that were taken in go on. Audited.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse()
  @ApiProblems(404, 413, 415, 422)
  setAnalyzers(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: SetAnalyzersDto,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    return this.grants.set(id, body.analyzers, actor);
  }

  @Post('owner-invitation')
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'inviteTenantOwner',
    summary: 'Invite the first owner of a tenant',
    description:
      'While the tenant has no active owner; later its owners invite. Inviting the same address again makes a new link, and the older one is void. Audited.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: MemberWithLinkDto })
  @ApiProblems(404, 'already-exists', 'invalid-state-transition', 413, 415, 422)
  async inviteOwner(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: InviteOwnerDto,
    @Actor() actor: AuditActor,
  ): Promise<MemberWithLinkDto> {
    await this.administration.settings(id);
    return toMemberWithLinkDto(await this.access.invite(id, body, actor));
  }

  @Get('export')
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'exportTenant',
    summary: 'What there is of a tenant, as one JSON',
    description:
      'Settings, domains, branding versions, members, API keys (never their secrets), analyzers, exceptions, files and sums of jobs and usage. No input and no result.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true }, description: 'One document' })
  @ApiProblems(404)
  export(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Actor() actor: AuditActor,
  ): Promise<TenantExportDocument> {
    return this.exports.of(id, actor);
  }
}
