import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { Actor } from '../../auth/actor.decorator.js';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../../auth/tenant-context.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { uuidOf } from '../../common/ids.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { ModelAliasDto, ModelAliasListDto, PointAliasDto, toModelAliasDto } from '../dto/alias.dto.js';
import { AliasNamePipe } from './alias-name.pipe.js';
import { type AliasName, ALIASES } from './model-alias.js';
import { ModelAliases } from './model-aliases.service.js';

const SLUG = { name: 'slug', description: 'Slug of the analyzer', example: 'leaf-disease' };
const ALIAS = { name: 'alias', enum: ALIASES, example: 'stable' };
const DEFAULT_CANARY_PERCENT = 10;

/** Which model serves an analyzer that a model of the tenant made. */
@ApiTags('Models')
@Controller('v1/analyzers/:slug/aliases')
export class AliasesController {
  constructor(private readonly aliases: ModelAliases) {}

  @Get()
  @Authenticated({ scope: 'models:read' })
  @ApiOperation({
    operationId: 'listModelAliases',
    summary: 'Which models serve an analyzer',
    description: 'The stable model and, while there is one, the canary.',
  })
  @ApiParam(SLUG)
  @ApiOkResponse({ type: ModelAliasListDto })
  @ApiProblems(404)
  async list(@Tenant() context: TenantContext, @Param('slug') slug: string): Promise<ModelAliasListDto> {
    return { data: (await this.aliases.list(context, slug)).map(toModelAliasDto) };
  }

  @Put(':alias')
  @Authenticated({ scope: 'models:write' })
  @ApiOperation({
    operationId: 'pointModelAlias',
    summary: 'Promote a model, or give a canary its part',
    description:
      'One atomic pointer. Workers load the new model before they let go of the old one: no job fails by it. Both models must take the same input.',
  })
  @ApiParam(SLUG)
  @ApiParam(ALIAS)
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'Revision that you have seen, quoted; refused when it is another one now',
    example: '"3"',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    type: ModelAliasDto,
    headers: { ETag: { description: 'Its revision', schema: { type: 'string' } } },
  })
  @ApiProblems(404, 409, 412, 413, 415, 422)
  async point(
    @Tenant() context: TenantContext,
    @Param('slug') slug: string,
    @Param('alias', new AliasNamePipe()) alias: AliasName,
    @Body() body: PointAliasDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Actor() actor: AuditActor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ModelAliasDto> {
    const pointed = await this.aliases.point(context, slug, alias, targetOf(alias, body), revisionOf(ifMatch), actor);
    reply.header('ETag', `"${pointed.revision}"`);
    return toModelAliasDto(pointed);
  }

  @Post(':alias/rollback')
  @HttpCode(200)
  @Authenticated({ scope: 'models:write' })
  @ApiOperation({
    operationId: 'rollBackModelAlias',
    summary: 'Point back to the model before',
    description: 'A second rollback undoes the first.',
  })
  @ApiParam(SLUG)
  @ApiParam(ALIAS)
  @ApiOkResponse({ type: ModelAliasDto })
  @ApiProblems(404, 409)
  async rollBack(
    @Tenant() context: TenantContext,
    @Param('slug') slug: string,
    @Param('alias', new AliasNamePipe()) alias: AliasName,
    @Actor() actor: AuditActor,
  ): Promise<ModelAliasDto> {
    return toModelAliasDto(await this.aliases.rollBack(context, slug, alias, actor));
  }

  @Delete('canary')
  @HttpCode(204)
  @Authenticated({ scope: 'models:write' })
  @ApiOperation({
    operationId: 'endCanary',
    summary: 'End a canary',
    description: 'All jobs go to the stable model again.',
  })
  @ApiParam(SLUG)
  @ApiNoContentResponse({ description: 'There is no canary any more' })
  @ApiProblems(404)
  async remove(
    @Tenant() context: TenantContext,
    @Param('slug') slug: string,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    await this.aliases.remove(context, slug, actor);
  }
}

function targetOf(alias: AliasName, { modelId, percent }: PointAliasDto): { modelId: string; percent: number } {
  const id = uuidOf('model', modelId);
  if (!id)
    throw new ValidationFailedError([
      { pointer: '/modelId', code: 'bad_format', message: 'must be the id of a model' },
    ]);
  if (alias === 'canary') return { modelId: id, percent: percent ?? DEFAULT_CANARY_PERCENT };
  if (percent !== undefined && percent !== 100) {
    throw new ValidationFailedError([{ pointer: '/percent', code: 'not_allowed', message: 'is for the canary only' }]);
  }
  return { modelId: id, percent: 100 };
}

/** The revision of an If-Match; null without one. What names no revision matches none. */
function revisionOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  return Number(/^"(\d{1,9})"$/.exec(header.trim())?.[1] ?? -1);
}
