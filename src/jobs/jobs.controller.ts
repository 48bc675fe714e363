import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { Metered } from '../usage/limits/metered.decorator.js';
import type { Page } from '../http/page.js';
import { ApiCancelJob, ApiCreateJob, ApiGetJob, ApiGetResult, ApiGetTimeline, ApiListJobs } from './dto/jobs.api.js';
import { CreateJobQuery } from './dto/create-job.query.js';
import type { JobDto } from './dto/job.dto.js';
import type { ListJobsQuery } from './dto/list-jobs.query.js';
import type { ValidationAnswerDto } from './dto/quote.dto.js';
import type { ResultDto } from './dto/result.dto.js';
import type { TimelineDto } from './dto/transition.dto.js';
import { seqQuery } from './http/cursor.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { JobRequests } from './http/job-requests.js';
import { ListJobsQueryPipe } from './http/list-jobs-query.pipe.js';
import { JobList } from './reading/job-list.js';
import { JobViews } from './reading/job-views.js';

/** Submission, reads and cancellation of jobs. */
@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly requests: JobRequests,
    private readonly views: JobViews,
    private readonly lists: JobList,
  ) {}

  @Post()
  @Authenticated({ scope: 'jobs:write' })
  @Metered('submit')
  @ApiCreateJob()
  create(
    @Tenant() context: TenantContext,
    @Query() query: CreateJobQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto | ValidationAnswerDto> {
    return query.validateOnly
      ? this.requests.validate(context, request, reply)
      : this.requests.create(context, request, reply);
  }

  @Get()
  @Authenticated({ scope: 'jobs:read' })
  @ApiListJobs()
  list(
    @Tenant() context: TenantContext,
    @Query(ListJobsQueryPipe) query: Readonly<ListJobsQuery>,
  ): Promise<Page<JobDto>> {
    return this.lists.page(context, query);
  }

  @Get(':id')
  @Authenticated({ scope: 'jobs:read' })
  @ApiGetJob()
  read(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('job')) jobId: string,
    @Query('wait') wait: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto | undefined> {
    return this.requests.read(context, jobId, wait, request, reply);
  }

  @Get(':id/timeline')
  @Authenticated({ scope: 'jobs:read' })
  @ApiGetTimeline()
  timeline(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('job')) jobId: string,
    @Query('afterSeq') afterSeq: unknown,
  ): Promise<TimelineDto> {
    return this.views.timeline(context, jobId, seqQuery('afterSeq', afterSeq) ?? 0);
  }

  @Get(':id/result')
  @Authenticated({ scope: 'jobs:read' })
  @ApiGetResult()
  result(@Tenant() context: TenantContext, @Param('id', new PublicIdPipe('job')) jobId: string): Promise<ResultDto> {
    return this.views.result(context, jobId);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Authenticated({ scope: 'jobs:cancel' })
  @ApiCancelJob()
  cancel(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('job')) jobId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    return this.requests.cancel(context, jobId, reply);
  }
}
