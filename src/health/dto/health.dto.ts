import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ReadinessChecks } from '../readiness-checks.js';

/** Answer of the liveness probe. */
@ApiSchema({ name: 'Liveness' })
export class LivenessDto {
  @ApiProperty({ enum: ['live'], example: 'live' })
  status: 'live';
}

/** What the readiness probe looked at. */
@ApiSchema({ name: 'ReadinessChecks' })
export class ReadinessChecksDto implements ReadinessChecks {
  @ApiProperty({ enum: ['up', 'down'], example: 'up' })
  database: 'up' | 'down';

  @ApiProperty({ enum: ['current', 'pending', 'unknown'], example: 'current' })
  migrations: 'current' | 'pending' | 'unknown';

  @ApiProperty({ description: 'True once this process is shutting down', example: false })
  draining: boolean;
}

/** Answer of the readiness probe. */
@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({ enum: ['ready'], example: 'ready' })
  status: 'ready';

  @ApiProperty({ type: ReadinessChecksDto })
  checks: ReadinessChecksDto;
}
