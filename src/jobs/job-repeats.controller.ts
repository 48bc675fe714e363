import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { Metered } from '../usage/limits/metered.decorator.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import type { JobDto } from './dto/job.dto.js';
import { ApiRerunJob, ApiRetryJob } from './dto/job-repeats.api.js';
import { RepeatRequests } from './repeating/repeat-requests.js';

/** New jobs made of ended ones. */
@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobRepeatsController {
  constructor(private readonly requests: RepeatRequests) {}

  @Post(':id/retry')
  @HttpCode(202)
  @Authenticated({ scope: 'jobs:write' })
  @Metered('submit')
  @ApiRetryJob()
  retry(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('job')) jobId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return this.requests.repeat('retry', context, jobId, request, reply);
  }

  @Post(':id/rerun')
  @HttpCode(202)
  @Authenticated({ scope: 'jobs:write' })
  @Metered('submit')
  @ApiRerunJob()
  rerun(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('job')) jobId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return this.requests.repeat('rerun', context, jobId, request, reply);
  }
}
