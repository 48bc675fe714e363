import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { LivenessDto, ReadinessDto } from './dto/health.dto.js';
import { ReadinessService } from './readiness.service.js';

/** The same probes where clients of the Open Inference Protocol look for them. */
@ApiTags('Open Inference Protocol')
@Controller('v2/health')
export class InferenceHealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getInferenceLiveness',
    summary: 'The inference server answers',
    description: 'As GET /health/live.',
  })
  @ApiOkResponse({ type: LivenessDto })
  live(): LivenessDto {
    return { status: 'live' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getInferenceReadiness',
    summary: 'The inference server takes requests',
    description: 'As GET /health/ready.',
  })
  @ApiOkResponse({ type: ReadinessDto })
  async ready(): Promise<ReadinessDto> {
    return { status: 'ready', checks: await this.readiness.check() };
  }
}
