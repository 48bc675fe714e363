import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { PageQueryDto } from '../http/page-query.dto.js';
import { AnalyzerCatalog } from './catalog/analyzer-catalog.js';
import { AnalyzerDto, AnalyzerPageDto } from './dto/analyzer.dto.js';
import { taggedAnswer } from './http/tagged-answer.js';

const ETAG = { ETag: { description: 'Weak tag of the content', schema: { type: 'string' } } } as const;

/** The analyzers that the tenant may use. */
@ApiTags('Analyzers')
@Controller('v1/analyzers')
export class AnalyzersController {
  constructor(private readonly catalog: AnalyzerCatalog) {}

  @Get()
  @Authenticated({ scope: 'analyzers:read' })
  @ApiOperation({
    operationId: 'listAnalyzers',
    summary: 'List analyzers',
    description: 'Only those that the tenant may use, by slug.',
  })
  @ApiOkResponse({ type: AnalyzerPageDto, description: 'The analyzers' })
  @ApiProblems('malformed-request', 'invalid-page-token')
  list(@Tenant() context: TenantContext, @Query() query: PageQueryDto): Promise<AnalyzerPageDto> {
    return this.catalog.page(context, query);
  }

  @Get(':slug')
  @Authenticated({ scope: 'analyzers:read' })
  @ApiOperation({
    operationId: 'getAnalyzer',
    summary: 'Read an analyzer',
    description: 'Its schemas, limits and view. An analyzer of another tenant does not exist.',
  })
  @ApiParam({ name: 'slug', description: 'Slug', example: 'surface-inspection' })
  @ApiQuery({
    name: 'version',
    required: false,
    description: 'Default: the current one',
    schema: { type: 'string' },
    example: '1',
  })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'ETag of the last read',
    example: 'W/"0c3a4f1b22d96e57"',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ type: AnalyzerDto, description: 'The analyzer', headers: ETAG })
  @ApiResponse({ status: 304, description: 'The analyzer has not changed', headers: ETAG })
  @ApiProblems(404)
  async read(
    @Tenant() context: TenantContext,
    @Param('slug') slug: string,
    @Query('version') version: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnalyzerDto | undefined> {
    return taggedAnswer(reply, await this.catalog.read(context, slug, version), ifNoneMatch);
  }
}
