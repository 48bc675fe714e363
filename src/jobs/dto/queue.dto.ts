import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { QUEUE_REASONS, type QueueReason } from '../tenant-outlook.js';
import { JobEstimateDto } from './job-parts.dto.js';

@ApiSchema({ name: 'QueueShare', description: 'What of the devices is yours' })
export class QueueShareDto {
  @ApiProperty({ type: 'integer', description: 'Against other tenants; set by operators', example: 1 })
  weight: number;

  @ApiProperty({
    description: 'Your weight among the weights of all tenants that have jobs now, you counted in; two digits',
    example: 0.25,
  })
  entitled: number;
}

@ApiSchema({
  name: 'QueueNext',
  description: 'What a job of the band `standard` would meet now. Unknown parts are null',
})
export class QueueNextDto {
  @ApiProperty({
    type: 'string',
    enum: [...QUEUE_REASONS, null],
    nullable: true,
    description: 'Why it would wait; null while no job of yours has waited in a worker for long',
    example: 'tenant_share',
  })
  reason: QueueReason | null;

  @ApiProperty({ type: JobEstimateDto, nullable: true, description: 'Null when there is no estimate' })
  estimatedStartAt: JobEstimateDto | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Model of the estimate', example: 'fairfit-1' })
  etaModel: string | null;
}

@ApiSchema({
  name: 'QueueWait',
  description:
    'Time from submit to the first inference batch, ms, of jobs that were submitted in the window and have ended: of at most your latest 200, and of the latest 50 of each tenant. Counted once a minute',
})
export class QueueWaitDto {
  @ApiProperty({ enum: ['1h'], example: '1h' })
  window: string;

  @ApiProperty({ type: 'integer', description: 'Your own jobs that were looked at', example: 200 })
  jobs: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Median of your own; null without any', example: 120 })
  p50: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Nine of ten of your own', example: 900 })
  p90: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Median of all tenants, you counted in; null when fewer than three had such jobs',
    example: 140,
  })
  fleetP50: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Nine of ten of all tenants', example: 1_100 })
  fleetP90: number | null;
}

@ApiSchema({ name: 'Queue', description: 'How your tenant stands in the queue' })
export class QueueDto {
  @ApiProperty({ enum: ['queue'], example: 'queue' })
  object: 'queue';

  @ApiProperty({ type: 'integer', description: 'Jobs that have not ended', example: 12 })
  depth: number;

  @ApiProperty({ type: 'integer', description: 'Of those, jobs that no worker has taken yet', example: 4 })
  queued: number;

  @ApiProperty({ type: 'integer', description: 'Of those, jobs that a worker has taken', example: 8 })
  running: number;

  @ApiProperty({
    type: 'integer',
    description: 'Largest depth; submits above it are refused with 429',
    example: 100_000,
  })
  limit: number;

  @ApiProperty({ type: QueueShareDto })
  share: QueueShareDto;

  @ApiProperty({ type: QueueNextDto })
  next: QueueNextDto;

  @ApiProperty({ type: QueueWaitDto })
  waitMs: QueueWaitDto;
}
