import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PRIORITY_BANDS, type PriorityBand } from '../../gpu-scheduler/work-item.js';

const REASONS = ['full', 'deadline', 'shed', 'device_free', 'knee', 'floor', 'hold_end', 'load', 'drain'] as const;

/** Which decisions are wanted. */
export class SchedulerDecisionsQuery {
  @ApiPropertyOptional({ description: 'Only those that ran this job', example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  jobId?: string;
}

/** A part of a wait. */
@ApiSchema({ name: 'SchedulerWait' })
export class SchedulerWaitDto {
  @ApiProperty({ description: 'What the item waited for', example: 'tenant_share' })
  reason: string;

  @ApiProperty({ example: 12.4 })
  ms: number;
}

/** A job's place in an inference batch, and why it waited for it. */
@ApiSchema({ name: 'SchedulerDecisionJob' })
export class SchedulerDecisionJobDto {
  @ApiProperty({ example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  jobId: string;

  @ApiProperty({ type: 'integer', example: 1 })
  attempt: number;

  @ApiProperty({ type: 'integer', description: 'Position of its first row in the inference batch, from 0', example: 5 })
  slot: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Rows of the job', example: 1 })
  rows: number | null;

  @ApiProperty({ type: 'integer', example: 67 })
  batchWaitMs: number;

  @ApiProperty({ type: [SchedulerWaitDto], description: 'Adds up to the wait' })
  waits: SchedulerWaitDto[];
}

/** One decision of a scheduler: an inference batch that was sent to a device. */
@ApiSchema({ name: 'SchedulerDecision' })
export class SchedulerDecisionDto {
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-23T02:00:01.118Z' })
  at: string;

  @ApiProperty({ example: 'node-1/4711' })
  workerId: string;

  @ApiProperty({ example: 'cpu:0' })
  device: string;

  @ApiProperty({ example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5/128x128' })
  lane: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'With jobId', example: 'ib_01m8323d6gf9er06eqpc9kvzxj' })
  inferenceBatchId: string | null;

  @ApiProperty({ type: 'string', enum: [...PRIORITY_BANDS, null], nullable: true, example: 'standard' })
  band: PriorityBand | null;

  @ApiProperty({ type: 'integer', description: 'Rows of the inference batch', example: 8 })
  rows: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Jobs in the inference batch', example: 8 })
  items: number | null;

  @ApiProperty({
    type: 'string',
    enum: [...REASONS, null],
    nullable: true,
    description: 'Why it left when it did; null in records of before it was kept',
    example: 'device_free',
  })
  dispatchReason: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Expected run time, ms', example: 42 })
  predictedMs: number | null;

  @ApiProperty({ type: SchedulerDecisionJobDto, nullable: true, description: 'With jobId' })
  job: SchedulerDecisionJobDto | null;
}

@ApiSchema({ name: 'SchedulerDecisionList' })
export class SchedulerDecisionListDto {
  @ApiProperty({ enum: ['list'], example: 'list' })
  object: 'list';

  @ApiProperty({ type: [SchedulerDecisionDto] })
  data: SchedulerDecisionDto[];
}
