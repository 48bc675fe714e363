import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { publicId } from '../common/ids.js';
import { ServerConfig } from '../config/config.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { type Page, pageOf } from '../http/page.js';
import { PageQueryDto } from '../http/page-query.dto.js';
import { type PageBinding, PageTokens } from '../http/page-tokens.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantOnboarding } from '../tenants/tenant-onboarding.js';
import { CreateTenantDto } from './dto/create-tenant.dto.js';
import { SuspendTenantDto } from './dto/suspend-tenant.dto.js';
import { OperatorTenantDto, OperatorTenantPageDto, toOperatorTenantDto } from './dto/operator-tenant.dto.js';
import { TenantDto, toTenantDto } from './dto/tenant.dto.js';
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
    private readonly onboarding: TenantOnboarding,
    private readonly activity: TenantActivityRepository,
    private readonly pageTokens: PageTokens,
    private readonly server: ServerConfig,
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
    description: 'Creates an active tenant that answers on its own host at once. The slug cannot be changed later.',
  })
  @ApiCreatedResponse({ type: TenantDto, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblems('already-exists', 413, 415, 422)
  async create(@Body() body: CreateTenantDto, @Res({ passthrough: true }) reply: FastifyReply): Promise<TenantDto> {
    const id = await this.onboarding.create(body);
    reply.header('Location', `/v1/admin/tenants/${publicId('tenant', id)}`);
    return this.get(id);
  }

  @Get(':id')
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'getTenantAsOperator',
    summary: 'One tenant',
    description: 'Status, weight, hosts and locales of one tenant.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TenantDto })
  @ApiProblems(404)
  async get(@Param('id', new PublicIdPipe('tenant')) id: string): Promise<TenantDto> {
    return toTenantDto(await this.tenants.get(id), this.server.publicUrl);
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
  @ApiOkResponse({ type: TenantDto })
  @ApiProblems(404, 413, 415, 422)
  async suspend(
    @Param('id', new PublicIdPipe('tenant')) id: string,
    @Body() body: SuspendTenantDto,
  ): Promise<TenantDto> {
    return toTenantDto(await this.tenants.suspend(id, body.reason), this.server.publicUrl);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'resumeTenant',
    summary: 'Serve a suspended tenant again',
    description: 'Ends a suspension; credentials work again within 5 s.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: TenantDto })
  @ApiProblems(404)
  async resume(@Param('id', new PublicIdPipe('tenant')) id: string): Promise<TenantDto> {
    return toTenantDto(await this.tenants.resume(id), this.server.publicUrl);
  }
}
