import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { OpenToLoopback } from '../auth/open-to-loopback.decorator.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Metrics of this process. */
@ApiTags('Service')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Header('Cache-Control', 'no-store')
  @Authenticated({ scope: 'platform:read' })
  @OpenToLoopback()
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Metrics in the Prometheus text format',
    description: 'For a scraper on the same machine without a credential; from elsewhere with `platform:read`.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: '# TYPE process_cpu_seconds_total counter\n' } })
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
