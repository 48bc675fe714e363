import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { type Page, pageOf } from '../http/page.js';
import { PageQueryDto } from '../http/page-query.dto.js';
import { PageTokens } from '../http/page-tokens.js';
import { FileDto, FilePageDto, toFileDto } from './dto/file.dto.js';
import { FileDelivery } from './file-delivery.js';
import { DELIVERED_TYPES } from './file-facts.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { FilesService } from './files.service.js';
import { UPLOAD_PURPOSES } from './stored-file.js';
import { UploadReader } from './upload-reader.js';

const ID = { name: 'id', example: 'file_01m8323f50ecdtnmz19wr9rz7h' };
const UPLOAD_SCHEMA = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'At most 100 MiB' },
    purpose: { type: 'string', enum: UPLOAD_PURPOSES, default: 'job_input' },
  },
} as const;

const BYTES = { schema: { type: 'string', format: 'binary' } } as const;
const CONTENT = Object.fromEntries(DELIVERED_TYPES.map((type) => [type, BYTES]));

/** Files of a tenant. */
@ApiTags('Files')
@Controller('v1/files')
export class FilesController {
  constructor(
    private readonly files: FilesService,
    private readonly uploads: UploadReader,
    private readonly delivery: FileDelivery,
    private readonly pageTokens: PageTokens,
  ) {}

  @Post()
  @HttpCode(201)
  @Authenticated({ scope: 'files:write' })
  @ApiOperation({
    operationId: 'uploadFile',
    summary: 'Upload a file',
    description: 'Streams one file to the store; its type is decided by its content. Use the id in the input of a job.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { ...UPLOAD_SCHEMA, required: [...UPLOAD_SCHEMA.required] } as never })
  @ApiCreatedResponse({ type: FileDto, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblems(413, 415, 422, 503)
  async upload(
    @Tenant() context: TenantContext,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileDto> {
    const file = toFileDto(await this.files.adopt(context, await this.uploads.read(request)));
    reply.header('Location', `/v1/files/${file.id}`);
    return file;
  }

  @Get()
  @Authenticated({ scope: 'files:read' })
  @ApiOperation({
    operationId: 'listFiles',
    summary: 'Files, newest first',
    description: 'Records of the tenant’s own files.',
  })
  @ApiOkResponse({ type: FilePageDto })
  async list(@Tenant() context: TenantContext, @Query() query: PageQueryDto): Promise<Page<FileDto>> {
    const binding = { tenantId: context.tenantId, list: 'files', filters: {} };
    const rows = await this.files.list(context, query.limit + 1, this.pageTokens.open(query.pageToken, binding));
    return pageOf(rows, query.limit, toFileDto, (last) => this.pageTokens.seal(last.id, binding));
  }

  @Get(':id')
  @Authenticated({ scope: 'files:read' })
  @ApiOperation({
    operationId: 'getFile',
    summary: 'One file',
    description: 'What is known of a file; not its content.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: FileDto })
  @ApiProblems(404)
  async get(@Tenant() context: TenantContext, @Param('id', new PublicIdPipe('file')) id: string): Promise<FileDto> {
    return toFileDto(await this.files.get(context, id));
  }

  @Get(':id/content')
  @Authenticated({ scope: 'files:read' })
  @ApiOperation({
    operationId: 'getFileContent',
    summary: 'Content of a file',
    description: 'The bytes as stored, as an attachment. One `Range` of bytes is served as 206.',
  })
  @ApiParam(ID)
  @ApiHeader({
    name: 'Range',
    required: false,
    description: 'One range of bytes',
    example: 'bytes=0-1023',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ description: 'The whole content', content: CONTENT })
  @ApiResponse({ status: 206, description: 'The part that `Range` asked for', content: CONTENT })
  @ApiProblems(404, 'result-expired', 416)
  async content(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('file')) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.delivery.send(context, await this.files.get(context, id), request.headers.range, reply);
  }
}
