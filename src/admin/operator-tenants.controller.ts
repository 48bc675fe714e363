import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuditActor } from '../audit/audit-trail.js';
import { Actor } from '../auth/actor.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { publicId } from '../common/ids.js';
import { ServerConfig } from '../config/config.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { type Page, pageOf } from '../http/page.js';
import { PageQueryDto } from '../http/page-query.dto.js';
import { type PageBinding, PageTokens } from '../http/page-tokens.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { LaunchedTenantDto, OnboardingDto, toLaunchedTenantDto, toOnboardingDto } from './dto/onboarding.dto.js';
import { BRAND_PRESETS } from './brand-presets.js';
import { TenantLaunch } from './tenant-launch.js';
import { TenantOnboardingFacts } from './tenant-onboarding-facts.js';
import { CreateTenantDto } from './dto/create-tenant.dto.js';
import { SuspendTenantDto } from './dto/suspend-tenant.dto.js';
import { OperatorTenantDto, OperatorTenantPageDto, toOperatorTenantDto } from './dto/operator-tenant.dto.js';
import { TenantSettingsDto } from './dto/tenant-settings.dto.js';
import { TenantViews } from './tenant-views.js';
import { TenantActivityRepository } from './tenant-activity.repository.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';

const LIST: PageBinding = { tenantId: null, list: 'admin-tenants', filters: {} };
const ID = { name: 'id', example: 'ten_01m8323e5rfaqba79afy7192zq' };

/** Tenants, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/tenants')
export class OperatorTenantsController {
  constructor(
    private readonly tenants: PlatformTenants,
    private readonly launches: TenantLaunch,
    private readonly facts: TenantOnboardingFacts,
    private readonly activity: TenantActivityRepository,
    private readonly pageTokens: PageTokens,
    private readonly server: ServerConfig,
    private readonly views: TenantViews,
  ) {}

  @Get()
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'listTenants',
    summary: 'All tenants, oldest first',
    description: 'Every client company of this installation with its status, weight and hosts.',
  })
  @ApiOkResponse({ type: OperatorTenantPageDto })
  async list(@Query() query: PageQueryDto): Promise<Page<OperatorTenantDto>> {
    const after = this.pageTokens.open(query.pageToken, LIST);
    const rows = await this.tenants.list(query.limit + 1, after);
    const activity = new Map((await this.activity.of(rows.map((t) => t.id))).map((a) => [a.tenantId, a]));
    return pageOf(
      rows,
      query.limit,
      (tenant) => toOperatorTenantDto(tenant, activity.get(tenant.id), this.server.publicUrl),
      (last) => this.pageTokens.seal(last.id, LIST),
    );
  }

  @Post()
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'createTenant',
    summary: 'Create a tenant',
    description:
      'Creates an active tenant that answers on its own host at once, with plan, exceptions, analyzers, first owner, first API key and a first job as asked for. The slug cannot be changed later. When it breaks off, send the same request again: it goes on with the same tenant. Once it was answered, the slug is taken.',
  })
  @ApiQuery({
    name: 'from',
    required: false,
    description: `Tenant whose looks, languages and plan are taken over, or a preset of looks: ${Object.keys(BRAND_PRESETS).join(', ')}`,
    example: 'ocean',
  })
  @ApiCreatedResponse({ type: LaunchedTenantDto, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblems('already-exists', 413, 415, 422)
  async create(
    @Body() body: CreateTenantDto,
    @Query('from') from: string | undefined,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LaunchedTenantDto> {
    const quotas = body.quotas?.map((quota) => ({ ...quota, expiresAt: quota.expiresAt ?? null }));
    const launched = await this.launches.launch({ ...body, quotas, from }, actor);
    reply.header('Location', `/v1/admin/tenants/${publicId('tenant', launched.id)}`);
    return toLaunchedTenantDto(await this.views.tagged(launched.id, reply), launched, this.server.publicUrl);
  }

  @Get(':id/onboarding')
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'getTenantOnboarding',
    summary: 'How far the onboarding of a tenant is',
    description:
      'Computed from facts: an active owner, an API key, analyzers, a published brand, a job that succeeded.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: OnboardingDto })
  @ApiProblems(404)
  async onboarding(@Param('id', new PublicIdPipe('tenant')) id: string): Promise<OnboardingDto> {
    return toOnboardingDto(await this.facts.of(id));
  }

  @Get(':id')
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'getTenantAsOperator',
    summary: 'One tenant',
    description: 'Status, weight, hosts and locales of one tenant.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TenantSettingsDto, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiProblems(404)
  get(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantSettingsDto> {
    return this.views.tagged(id, reply);
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'suspendTenant',
    summary: 'Refuse every request of a tenant',
    description: 'Every credential of the tenant gets 403 within 5 s; its data stays. The reason is kept.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TenantSettingsDto, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiProblems(404, 413, 415, 422)
  async suspend(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: SuspendTenantDto,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantSettingsDto> {
    await this.tenants.suspend(id, body.reason, actor);
    return this.views.tagged(id, reply);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'resumeTenant',
    summary: 'Serve a suspended tenant again',
    description: 'Ends a suspension, or takes a deletion back; credentials work again within 5 s.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TenantSettingsDto, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiProblems(404)
  async resume(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TenantSettingsDto> {
    await this.tenants.resume(id, actor);
    return this.views.tagged(id, reply);
  }
}
