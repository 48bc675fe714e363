import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { SchedulerDecisionListDto, SchedulerDecisionsQuery } from './dto/scheduler-decision.dto.js';
import { SchedulerDto } from './dto/scheduler.dto.js';
import { SchedulerView } from './scheduler-view.js';

/** Devices and lanes, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/scheduler')
export class OperatorSchedulerController {
  constructor(private readonly scheduler: SchedulerView) {}

  @Get()
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'getScheduler',
    summary: 'Devices and lanes of all workers',
    description:
      'What each worker with a valid lease reported with its last heartbeat: its devices, what they do, and what waits.',
  })
  @ApiOkResponse({ type: SchedulerDto })
  get(): Promise<SchedulerDto> {
    return this.scheduler.now();
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
    const { scheduler } = this;
    return { object: 'list', data: await (jobId === undefined ? scheduler.decisions() : scheduler.decisionsOf(jobId)) };
  }
}
