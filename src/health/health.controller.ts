import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { LivenessDto, ReadinessDto } from './dto/health.dto.js';
import { ReadinessService } from './readiness.service.js';

/** Probes for supervisors and load balancers. */
@ApiTags('Service')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'The process answers',
    description: '200 as long as the process runs, whatever the state of the database.',
  })
  @ApiOkResponse({ type: LivenessDto })
  live(): LivenessDto {
    return { status: 'live' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'The process takes requests',
    description: '503 unless the database answers within 2 s, the migrations are current and no shutdown has begun.',
  })
  @ApiOkResponse({ type: ReadinessDto })
  async ready(): Promise<ReadinessDto> {
    return { status: 'ready', checks: await this.readiness.check() };
  }
}
