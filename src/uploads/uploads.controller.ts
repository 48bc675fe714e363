import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { FileDto, toFileDto } from '../files/dto/file.dto.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { UnsupportedMediaTypeError } from '../http/http.errors.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { idempotencyKeyOf } from '../jobs/http/idempotency-key.js';
import { partRangeOf } from './content-range.js';
import { CreateUploadDto, toUploadDto, UploadDto } from './dto/upload.dto.js';
import type { Upload } from './upload.js';
import { UploadSignature } from './upload-signature.js';
import { Uploads } from './uploads.service.js';

const ID = { name: 'id', example: 'file_01m8323f50ecdtnmz19wr9rz7h' };
const text = { required: true, schema: { type: 'string' } } as const;

/** Uploads in parts, for large files and weak lines. */
@ApiTags('Files')
@Controller('v1/uploads')
export class UploadsController {
  constructor(
    private readonly uploads: Uploads,
    private readonly signature: UploadSignature,
  ) {}

  @Post()
  @HttpCode(201)
  @Authenticated({ scope: 'files:write' })
  @ApiOperation({
    operationId: 'createUpload',
    summary: 'Begin an upload in parts',
    description: 'Reserves the id of the file and returns the signed address that takes its parts.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'One key begins one upload',
    example: '0f8fad5b-d9cb-469f-a165-70867728950e',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  })
  @ApiCreatedResponse({ type: UploadDto, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblems(413, 415, 'validation-failed', 'idempotency-key-reused', 503)
  async create(
    @Tenant() context: TenantContext,
    @Body() body: CreateUploadDto,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UploadDto> {
    const { purpose, name, bytes, sha256 = null } = body;
    const upload = await this.uploads.begin(context, { purpose, name, bytes, sha256 }, idempotencyKeyOf(key));
    const { receivedBytes } = await this.uploads.get(context.tenantId, upload.id);
    const dto = this.dtoOf(upload, receivedBytes);
    reply.header('Location', `/v1/uploads/${dto.id}`);
    return dto;
  }

  @Put(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'putUploadPart',
    summary: 'Send a part',
    description:
      'At the signed address. Parts follow each other without a gap; when a line breaks, read `receivedBytes` and go on from there. Without Content-Range the part is the whole.',
  })
  @ApiParam(ID)
  @ApiQuery({ name: 'tenant', description: 'From uploadUrl', example: 'ten_01m8323e5rfaqba79afy7192zq', ...text })
  @ApiQuery({ name: 'signature', description: 'From uploadUrl', example: 'm5ZsJ0k', ...text })
  @ApiHeader({
    name: 'Content-Range',
    required: false,
    description: 'Where the part lies in the whole',
    example: 'bytes 0-8388607/24117248',
    schema: { type: 'string' },
  })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiNoContentResponse({ description: 'Received' })
  @ApiProblems(
    'malformed-request',
    'tenant-suspended',
    404,
    'version-conflict',
    'invalid-state-transition',
    413,
    415,
    429,
    503,
  )
  async put(
    @Param('id', new PublicIdPipe('file')) id: string,
    @Query('tenant') tenant: string | undefined,
    @Query('signature') signature: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const tenantId = this.signature.tenantOf(id, tenant, signature);
    await this.uploads.requireActive(tenantId);
    const { upload } = await this.uploads.get(tenantId, id);
    const range = partRangeOf(request.headers['content-range'], upload.bytes);
    try {
      await this.uploads.receive(upload, contentOf(request.body), range);
    } finally {
      request.raw.resume(); // discards what was refused, so that the client comes to read the answer
    }
  }

  @Get(':id')
  @Authenticated({ scope: 'files:write' })
  @ApiOperation({
    operationId: 'getUpload',
    summary: 'How far an upload is',
    description: 'With the signed address and the bytes that are here.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: UploadDto })
  @ApiProblems(404)
  async get(@Tenant() context: TenantContext, @Param('id', new PublicIdPipe('file')) id: string): Promise<UploadDto> {
    const { upload, receivedBytes } = await this.uploads.get(context.tenantId, id);
    return this.dtoOf(upload, receivedBytes);
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Authenticated({ scope: 'files:write' })
  @ApiOperation({
    operationId: 'completeUpload',
    summary: 'Make a file of an upload',
    description: 'Compares size and digest with what was announced. Completing twice gives the same file.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: FileDto })
  @ApiProblems(404, 409, 422)
  async complete(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('file')) id: string,
  ): Promise<FileDto> {
    return toFileDto(await this.uploads.complete(context, id));
  }

  private dtoOf(upload: Upload, receivedBytes: number): UploadDto {
    return toUploadDto(upload, receivedBytes, this.signature.urlOf(upload));
  }
}

/** The body as a stream, however it was parsed. */
function contentOf(body: unknown): Readable {
  if (Buffer.isBuffer(body)) return Readable.from([body]);
  if (body instanceof Readable) return body;
  throw new UnsupportedMediaTypeError('Send the bytes of the part as application/octet-stream.');
}
