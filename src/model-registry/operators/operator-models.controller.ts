import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { Actor } from '../../auth/actor.decorator.js';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { type Principal, principalPublicId } from '../../auth/principal.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { uuidOf } from '../../common/ids.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { type Page, pageOf } from '../../http/page.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { type PageBinding, PageTokens } from '../../http/page-tokens.js';
import { PublicIdPipe } from '../../http/public-id.pipe.js';
import { ApiModelUpload } from '../dto/model-upload.api.js';
import {
  ChangeModelDto,
  OperatorModelDto,
  OperatorModelPageDto,
  toOperatorModelDto,
} from '../dto/operator-model.dto.js';
import { ModelRequestReader } from '../receiving/model-request-reader.js';
import { OperatorModels } from './operator-models.js';

const LIST: PageBinding = { tenantId: null, list: 'admin-models', filters: {} };
const ID = { name: 'id', example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' };

/** Models of all tenants, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/models')
export class OperatorModelsController {
  constructor(
    private readonly models: OperatorModels,
    private readonly reader: ModelRequestReader,
    private readonly pageTokens: PageTokens,
  ) {}

  @Get()
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'listModelsAsOperator',
    summary: 'Models of all tenants, newest first',
    description: 'Versions, owners, who may use them, and the memory that they took in their checks.',
  })
  @ApiOkResponse({ type: OperatorModelPageDto })
  @ApiProblems('malformed-request', 'invalid-page-token')
  async list(@Query() query: PageQueryDto): Promise<Page<OperatorModelDto>> {
    const rows = await this.models.list(query.limit + 1, this.pageTokens.open(query.pageToken, LIST));
    return pageOf(rows, query.limit, toOperatorModelDto, (last) => this.pageTokens.seal(last.id, LIST));
  }

  @Post()
  @HttpCode(202)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'uploadSharedModel',
    summary: 'Upload a model to share',
    description: 'As the upload of a tenant; it belongs to the operators, and nobody may use it until it is shared.',
  })
  @ApiModelUpload()
  @ApiProblems('already-exists', 413, 415, 422, 503)
  async upload(
    @CurrentPrincipal() principal: Principal,
    @Actor() actor: AuditActor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperatorModelDto> {
    const incoming = await this.reader.read(request, null);
    const dto = toOperatorModelDto(await this.models.receive(incoming, principalPublicId(principal), actor));
    reply.header('Location', `/v1/admin/models/${dto.id}`);
    return dto;
  }

  @Patch(':id')
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'changeModel',
    summary: 'Change batch size or users of a model',
    description: 'The batch size of any model, and which tenants may use one of the operators.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: OperatorModelDto })
  @ApiProblems(404, 413, 415, 422)
  async change(
    @Param('id', new PublicIdPipe('model')) id: string,
    @Body() { maxBatch, tenants }: ChangeModelDto,
    @Actor() actor: AuditActor,
  ): Promise<OperatorModelDto> {
    const change = { maxBatch, tenantIds: tenants?.map(tenantIdOf) };
    return toOperatorModelDto(await this.models.change(id, change, actor));
  }
}

function tenantIdOf(text: string, index: number): string {
  const id = uuidOf('tenant', text);
  if (id) return id;
  const message = 'must be the id of a tenant';
  throw new ValidationFailedError([{ pointer: `/tenants/${index}`, code: 'bad_format', message }]);
}
