import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { QueueDto } from './dto/queue.dto.js';
import { QueueStanding } from './standing/queue-standing.js';

/** How a tenant stands in the queue. */
@ApiTags('Tenant')
@Controller('v1/queue')
export class QueueController {
  constructor(private readonly standing: QueueStanding) {}

  @Get()
  @Authenticated({ scope: 'usage:read' })
  @ApiOperation({
    operationId: 'getQueue',
    summary: 'Your queue, your share and your waits',
    description:
      'How many of your jobs wait and run, what share of the devices is yours now, what the next job would wait for, and how long your jobs waited beside those of all tenants. Of other tenants it tells nothing else.',
  })
  @ApiOkResponse({ type: QueueDto, description: 'How your tenant stands now' })
  read(@Tenant() context: TenantContext): Promise<QueueDto> {
    return this.standing.of(context.tenantId);
  }
}
