import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
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
import { ApiKeyAdministration } from './api-key-administration.js';
import {
  ApiKeyDto,
  ApiKeyPageDto,
  CreateApiKeyDto,
  IssuedApiKeyDto,
  RotateApiKeyDto,
  toApiKeyDto,
  toIssuedApiKeyDto,
} from './dto/api-key.dto.js';

const ID = { name: 'id', example: 'key_01m8323e5rfaqba79afy7192zq' };
const CREATED = { type: IssuedApiKeyDto, headers: { Location: { schema: { type: 'string' as const } } } };

/** API keys of a tenant. */
@ApiTags('Tenant')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeyAdministration,
    private readonly pageTokens: PageTokens,
  ) {}

  @Get()
  @Authenticated({ scope: 'keys:manage' })
  @ApiOperation({
    operationId: 'listApiKeys',
    summary: 'API keys, newest first',
    description: 'With prefix, scopes, last use and expiry; never the key itself.',
  })
  @ApiOkResponse({ type: ApiKeyPageDto })
  async list(@Tenant() context: TenantContext, @Query() query: PageQueryDto): Promise<Page<ApiKeyDto>> {
    const binding = { tenantId: context.tenantId, list: 'api-keys', filters: {} };
    const after = this.pageTokens.open(query.pageToken, binding);
    const rows = await this.keys.list(context, query.limit + 1, after);
    return pageOf(rows, query.limit, toApiKeyDto, (last) => this.pageTokens.seal(last.id, binding));
  }

  @Post()
  @Authenticated({ scope: 'keys:manage' })
  @ApiOperation({
    operationId: 'createApiKey',
    summary: 'Create an API key',
    description:
      'The key is shown once. It can never manage keys, members or the tenant, and nothing that you may not do.',
  })
  @ApiCreatedResponse(CREATED)
  @ApiProblems(413, 415, 422)
  async create(
    @Tenant() context: TenantContext,
    @Body() body: CreateApiKeyDto,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedApiKeyDto> {
    const issued = toIssuedApiKeyDto(await this.keys.create(context, { ...body, mode: body.mode ?? 'live' }, actor));
    reply.header('Location', `/v1/api-keys/${issued.id}`);
    return issued;
  }

  @Post(':id/rotate')
  @Authenticated({ scope: 'keys:manage' })
  @ApiOperation({
    operationId: 'rotateApiKey',
    summary: 'Replace an API key',
    description: 'Makes a key with the same rights and life; the old one stays good for the overlap, a day by default.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse(CREATED)
  @ApiProblems(404, 'invalid-state-transition', 413, 415, 422)
  async rotate(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('apiKey')) id: string,
    @Body() body: RotateApiKeyDto,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedApiKeyDto> {
    const issued = toIssuedApiKeyDto(await this.keys.rotate(context, id, body.overlapMs, actor));
    reply.header('Location', `/v1/api-keys/${issued.id}`);
    return issued;
  }

  @Delete(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'keys:manage' })
  @ApiOperation({
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'It is refused within 5 s, and so are access tokens that were made with it.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'The key is no longer good' })
  @ApiProblems(404)
  async revoke(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('apiKey')) id: string,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    await this.keys.revoke(context, id, actor);
  }
}
