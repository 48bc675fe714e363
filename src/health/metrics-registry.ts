import { Injectable, type OnModuleInit } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * Metrics of this process in Prometheus' format. Rooms register their own: `new Counter({ registers: [registry], .. })`.
 * Never use a job, file or member id as a label.
 */
@Injectable()
export class MetricsRegistry extends Registry implements OnModuleInit {
  onModuleInit(): void {
    collectDefaultMetrics({ register: this });
  }
}
