import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { SchedulerDto } from './dto/scheduler.dto.js';
import { toSchedulerDto } from './to-scheduler-dto.js';
import { WorkerStatsRepository } from './worker-stats.repository.js';

/** Devices and lanes, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/scheduler')
export class OperatorSchedulerController {
  constructor(private readonly workers: WorkerStatsRepository) {}

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
}
