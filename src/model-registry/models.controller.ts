import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor } from '../audit/audit-trail.js';
import { Actor } from '../auth/actor.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import type { Page } from '../http/page.js';
import { PageQueryDto } from '../http/page-query.dto.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { idempotencyKeyOf } from '../jobs/http/idempotency-key.js';
import { ModelDto, ModelPageDto } from './dto/model.dto.js';
import { ApiModelUpload } from './dto/model-upload.api.js';
import { ModelList } from './model-list.js';
import { Models } from './models.service.js';
import { ModelRequestReader } from './receiving/model-request-reader.js';
import { toModelDto } from './to-model-dto.js';

const ID = { name: 'id', example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' };

/** Models that a tenant may use. */
@ApiTags('Models')
@Controller('v1/models')
export class ModelsController {
  constructor(
    private readonly catalog: ModelList,
    private readonly models: Models,
    private readonly reader: ModelRequestReader,
  ) {}

  @Get()
  @Authenticated({ scope: 'models:read' })
  @ApiOperation({
    operationId: 'listModels',
    summary: 'Models, newest first',
    description: 'Own ones, those that the operators share with you, and those that came with this installation.',
  })
  @ApiOkResponse({ type: ModelPageDto })
  @ApiProblems('malformed-request', 'invalid-page-token')
  list(@Tenant() context: TenantContext, @Query() query: PageQueryDto): Promise<Page<ModelDto>> {
    return this.catalog.page(context, query);
  }

  @Post()
  @HttpCode(202)
  @Authenticated({ scope: 'models:write' })
  @ApiOperation({
    operationId: 'uploadModel',
    summary: 'Upload a model',
    description:
      'Stores a version of a model; a worker checks it before it is ready. The first ready version of a slug serves its analyzer at once, later ones when an alias points at them.',
  })
  @ApiModelUpload()
  @ApiProblems(
    'already-exists',
    'idempotency-in-progress',
    413,
    415,
    'validation-failed',
    'idempotency-key-reused',
    503,
  )
  async upload(
    @Tenant() context: TenantContext,
    @Actor() actor: AuditActor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ModelDto> {
    const key = idempotencyKeyOf(request.headers['idempotency-key']);
    const incoming = await this.reader.read(request, context);
    const { model, replayed } = await this.models.receive(context, incoming, key, actor);
    const dto = toModelDto(model);
    reply.header('Location', `/v1/models/${dto.id}`);
    if (replayed) reply.header('Idempotency-Replayed', 'true');
    return dto;
  }

  @Get(':id')
  @Authenticated({ scope: 'models:read' })
  @ApiOperation({
    operationId: 'getModel',
    summary: 'One model',
    description: 'With the checks of its admission so far, each with what was found.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: ModelDto })
  @ApiProblems(404)
  get(@Tenant() context: TenantContext, @Param('id', new PublicIdPipe('model')) id: string): Promise<ModelDto> {
    return this.catalog.read(context, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'models:write' })
  @ApiOperation({
    operationId: 'retireModel',
    summary: 'Retire a model',
    description: 'It can serve no more; jobs that it served stay readable. Refused while an alias points at it.',
  })
  @ApiParam(ID)
  @ApiNoContentResponse({ description: 'Retired' })
  @ApiProblems(404, 409)
  retire(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('model')) id: string,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    return this.catalog.retire(context, id, actor);
  }
}
