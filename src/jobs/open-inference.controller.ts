import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiDescribeModel, ApiInfer, ApiModelReady } from './dto/open-inference.api.js';
import { OpenHealthDto, OpenModelDto, OpenServerDto } from './dto/open-inference.dto.js';
import { InferRequests } from './open-inference/infer-requests.js';

const SERVER: OpenServerDto = { name: 'maru', version: '2', extensions: ['binary_tensor_data'] };

/** The Open Inference Protocol v2: a tenant's models as a server of KServe, Triton or OpenVINO would serve them. */
@ApiTags('Open Inference Protocol')
@Controller('v2')
export class OpenInferenceController {
  constructor(private readonly requests: InferRequests) {}

  @Get()
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getInferenceServer',
    summary: 'What the inference server speaks',
    description: 'Server metadata of the Open Inference Protocol v2.',
  })
  @ApiOkResponse({ type: OpenServerDto })
  server(): OpenServerDto {
    return SERVER;
  }

  @Get('models/:model')
  @Authenticated({ scope: 'jobs:write' })
  @ApiDescribeModel('getInferenceModel')
  model(@Tenant() context: TenantContext, @Param('model') name: string): Promise<OpenModelDto> {
    return this.requests.describe(context, { name, version: null });
  }

  @Get('models/:model/versions/:version')
  @Authenticated({ scope: 'jobs:write' })
  @ApiDescribeModel('getInferenceModelVersion')
  version(
    @Tenant() context: TenantContext,
    @Param('model') name: string,
    @Param('version') version: string,
  ): Promise<OpenModelDto> {
    return this.requests.describe(context, { name, version });
  }

  @Get('models/:model/ready')
  @Authenticated({ scope: 'jobs:write' })
  @ApiModelReady('getInferenceModelReadiness')
  @ApiOkResponse({ type: OpenHealthDto })
  modelReady(@Tenant() context: TenantContext, @Param('model') name: string): Promise<OpenHealthDto> {
    return this.requests.ready(context, { name, version: null });
  }

  @Get('models/:model/versions/:version/ready')
  @Authenticated({ scope: 'jobs:write' })
  @ApiModelReady('getInferenceModelVersionReadiness')
  @ApiOkResponse({ type: OpenHealthDto })
  versionReady(
    @Tenant() context: TenantContext,
    @Param('model') name: string,
    @Param('version') version: string,
  ): Promise<OpenHealthDto> {
    return this.requests.ready(context, { name, version });
  }

  @Post('models/:model/infer')
  @HttpCode(200)
  @Authenticated({ scope: 'jobs:write' })
  @ApiInfer('inferModel')
  infer(
    @Tenant() context: TenantContext,
    @Param('model') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | object> {
    return this.requests.infer(context, { name, version: null }, request, reply);
  }

  @Post('models/:model/versions/:version/infer')
  @HttpCode(200)
  @Authenticated({ scope: 'jobs:write' })
  @ApiInfer('inferModelVersion')
  inferVersion(
    @Tenant() context: TenantContext,
    @Param('model') name: string,
    @Param('version') version: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | object> {
    return this.requests.infer(context, { name, version }, request, reply);
  }
}
