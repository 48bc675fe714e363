import { MoneyDto } from '../../http/money.dto.js';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { STAGE_STATUSES, type StageStatus } from '../reading/stage-progress.js';
import { type Stage, STAGES } from '../transition.js';

@ApiSchema({ name: 'JobModel', description: 'The exact model that ran' })
export class JobModelDto {
  @ApiProperty({ example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' })
  id: string;

  @ApiProperty({ example: 'surface-net' })
  name: string;

  @ApiProperty({ example: '1.0.0' })
  version: string;

  @ApiProperty({ description: 'Digest of the model files', example: 'sha256:9f2c61d4b7' })
  digest: string;
}

@ApiSchema({ name: 'JobStage', description: 'One declared stage of the current attempt' })
export class JobStageDto {
  @ApiProperty({ enum: STAGES, example: 'prepare' })
  name: Stage;

  @ApiProperty({ enum: STAGE_STATUSES, example: 'completed' })
  status: StageStatus;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-23T02:00:01.020Z' })
  enteredAt: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null until the stage is over', example: 31 })
  durationMs: number | null;
}

@ApiSchema({ name: 'JobProgress', description: 'How far the job is' })
export class JobProgressDto {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 25 })
  percent: number;

  @ApiProperty({
    type: 'string',
    enum: [...STAGES, null],
    nullable: true,
    description: 'The active stage',
    example: 'batch',
  })
  stage: Stage | null;

  @ApiProperty({ enum: ['stages'], description: '`stages`: the share of completed stages', example: 'stages' })
  basis: 'stages';
}

@ApiSchema({ name: 'JobEstimate', description: 'A time, at two levels of certainty' })
export class JobEstimateDto {
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-23T02:00:01.100Z' })
  p50: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-23T02:00:01.400Z' })
  p90: string | null;
}

@ApiSchema({ name: 'JobBatchFill', description: 'The inference batch that the job waits in' })
export class JobBatchFillDto {
  @ApiProperty({ type: 'integer', example: 5 })
  filled: number;

  @ApiProperty({ type: 'integer', example: 8 })
  target: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-23T02:00:01.120Z' })
  flushAt: string | null;
}

@ApiSchema({ name: 'JobQueue', description: 'Why and behind what the job waits. Unknown parts are null' })
export class JobQueueDto {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Place among all jobs; null when not known',
    example: null,
  })
  position: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: "Place among this tenant's queued jobs, from 1; null in lists, in the batch stage and beyond 10,000",
    example: 3,
  })
  tenantPosition: number | null;

  @ApiProperty({
    type: 'string',
    enum: ['tenant_share', 'batch_filling', 'no_capacity', 'quota', null],
    nullable: true,
    description: 'Null when not known',
    example: null,
  })
  reason: 'tenant_share' | 'batch_filling' | 'no_capacity' | 'quota' | null;

  @ApiProperty({
    type: JobBatchFillDto,
    nullable: true,
    description: 'Only with reason `batch_filling`',
    example: null,
  })
  batch: JobBatchFillDto | null;

  @ApiProperty({ type: JobEstimateDto, nullable: true, description: 'Null when there is no estimate', example: null })
  estimatedStartAt: JobEstimateDto | null;

  @ApiProperty({ type: JobEstimateDto, nullable: true, description: 'Null when there is no estimate', example: null })
  estimatedFinishAt: JobEstimateDto | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Model of the estimates', example: null })
  etaModel: string | null;
}

@ApiSchema({ name: 'JobError', description: 'Why an attempt or a job failed' })
export class JobErrorDto {
  @ApiProperty({ description: 'Stable snake_case code', example: 'input_unreadable' })
  code: string;

  @ApiProperty({ example: 'The picture cannot be decoded. Send a PNG, JPEG or WebP file.' })
  message: string;

  @ApiProperty({ type: 'string', enum: [...STAGES, null], nullable: true, example: 'prepare' })
  stage: Stage | null;

  @ApiProperty({ description: 'True when the platform tries such a failure again', example: false })
  retryable: boolean;

  @ApiProperty({ type: 'integer', example: 1 })
  attempt: number;
}

@ApiSchema({ name: 'JobUsage', description: 'What the job bills' })
export class JobUsageDto {
  @ApiProperty({ type: 'integer', example: 1 })
  units: number;

  @ApiProperty({ type: 'integer', description: 'Device time, milliseconds', example: 52 })
  deviceMs: number;

  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Null when the analyzer has no price', example: null })
  amount: MoneyDto | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Key of the entry in the usage ledger: job, attempt, kind',
    example: 'job_01m8323e5rfbnv28231hc5mh2z/1/infer',
  })
  ledgerKey: string | null;
}

@ApiSchema({ name: 'JobLinks', description: 'Paths of the job on this host' })
export class JobLinksDto {
  @ApiProperty({ example: '/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z' })
  self: string;

  @ApiProperty({ example: '/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z/timeline' })
  timeline: string;

  @ApiProperty({ example: '/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z/stream' })
  stream: string;

  @ApiProperty({ example: '/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z/cancel' })
  cancel: string;

  @ApiProperty({ example: '/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z/result' })
  result: string;

  @ApiProperty({ description: "The job's page in the portal", example: '/jobs/job_01m8323e5rfbnv28231hc5mh2z' })
  portal: string;
}
