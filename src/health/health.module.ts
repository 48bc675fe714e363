import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { InferenceHealthController } from './inference-health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ProcessStateModule } from './process-state.module.js';
import { ReadinessService } from './readiness.service.js';

/** Probes and metrics of an API process; a worker imports ProcessStateModule alone. */
@Module({
  imports: [ProcessStateModule],
  controllers: [HealthController, InferenceHealthController, MetricsController],
  providers: [ReadinessService],
})
export class HealthModule {}
