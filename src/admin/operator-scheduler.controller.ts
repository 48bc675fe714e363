import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { NotFoundError } from '../common/domain-error.js';
import { uuidOf } from '../common/ids.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { SchedulerDecisionListDto, SchedulerDecisionsQuery } from './dto/scheduler-decision.dto.js';
import { SchedulerDto } from './dto/scheduler.dto.js';
import { JobHistoryRepository } from './job-history.repository.js';
import { decisionsOfJob, latestDecisions } from './to-decision-dto.js';
import { toSchedulerDto } from './to-scheduler-dto.js';
import { WorkerStatsRepository } from './worker-stats.repository.js';

/** Devices and lanes, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/scheduler')
export class OperatorSchedulerController {
  constructor(
    private readonly workers: WorkerStatsRepository,
    private readonly histories: JobHistoryRepository,
  ) {}

  @Get()
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'getScheduler',
    summary: 'Devices and lanes of all workers',
    description:
      'What each worker with a valid lease reported with its last heartbeat: its devices, what they do, and what waits.',
  })
  @ApiOkResponse({ type: SchedulerDto })
  async get(): Promise<SchedulerDto> {
    return toSchedulerDto(await this.workers.living());
  }

  @Get('decisions')
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'listSchedulerDecisions',
    summary: 'What schedulers decided, and why a job waited',
    description:
      'The latest inference batches of all workers, newest first, as of their last heartbeats. With `jobId`: those that ran this job, oldest first, with why it waited for each; empty until it ran.',
  })
  @ApiOkResponse({ type: SchedulerDecisionListDto })
  @ApiProblems(404, 422)
  async decisions(@Query() { jobId }: SchedulerDecisionsQuery): Promise<SchedulerDecisionListDto> {
    if (jobId === undefined) return { object: 'list', data: latestDecisions(await this.workers.living()) };
    const uuid = uuidOf('job', jobId);
    const segments = uuid ? await this.histories.segments(uuid) : [];
    if (segments.length === 0) throw new NotFoundError();
    return { object: 'list', data: decisionsOfJob(jobId, segments) };
  }
}
