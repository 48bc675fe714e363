import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { JOB_STATUSES, type JobStatus } from '../job-status.js';
import { type Stage, STAGES, TRANSITION_TYPES, type TransitionType } from '../transition.js';
import { JobErrorDto, JobModelDto } from './job-parts.dto.js';

@ApiSchema({ name: 'Execution', description: 'Receipt of one execution on a device' })
export class ExecutionDto {
  @ApiProperty({ example: 'ib_01m8323d6gf9er06eqpc9kvzxj' })
  inferenceBatchId: string;

  @ApiProperty({ type: 'integer', example: 8 })
  batchSize: number;

  @ApiProperty({ type: 'integer', description: 'Position in the inference batch, from 0', example: 5 })
  slot: number;

  @ApiProperty({ type: 'integer', example: 67 })
  batchWaitMs: number;

  @ApiProperty({ example: 'gpu-0' })
  device: string;

  @ApiProperty({ example: 'H200' })
  deviceType: string;

  @ApiProperty({ example: 'onnx' })
  runtime: string;

  @ApiProperty({ example: 'w3' })
  workerId: string;

  @ApiProperty({ type: JobModelDto })
  model: JobModelDto;
}

@ApiSchema({ name: 'ChainPlace', description: 'Place of a row in a chain of models' })
export class ChainPlaceDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The step, from 1', example: 2 })
  number: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Steps of the chain', example: 2 })
  of: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description:
      'Items of the step that the row is about: in `batch` and `infer` those in one inference batch. Null on `stage.failed`',
    example: 5,
  })
  items: number | null;
}

@ApiSchema({ name: 'Transition', description: 'One step in the life of a job' })
export class TransitionDto {
  @ApiProperty({ type: 'integer', minimum: 1, example: 5 })
  seq: number;

  @ApiProperty({ description: 'Stable over poll, stream and webhook', example: 'evt_01m8323e5rek8sgz8cvjwnr6y9' })
  eventId: string;

  @ApiProperty({ example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  jobId: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-23T02:00:01.530Z' })
  at: string;

  @ApiProperty({ enum: TRANSITION_TYPES, example: 'stage.completed' })
  type: TransitionType;

  @ApiProperty({ enum: JOB_STATUSES, description: 'Status of the job after this row', example: 'running' })
  status: JobStatus;

  @ApiProperty({ type: 'string', enum: [...STAGES, null], nullable: true, example: 'infer' })
  stage: Stage | null;

  @ApiProperty({ type: 'integer', example: 1 })
  attempt: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-23T02:00:01.118Z' })
  enteredAt: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 412 })
  durationMs: number | null;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  message: string | null;

  @ApiProperty({ type: JobErrorDto, nullable: true })
  error: JobErrorDto | null;

  @ApiProperty({ type: ExecutionDto, nullable: true, description: 'Set when stage `infer` completed' })
  execution: ExecutionDto | null;

  @ApiProperty({
    type: ChainPlaceDto,
    nullable: true,
    description: 'Of a chain of models: step of `prepare`, `batch` or `infer`. Null for one model and other rows',
    example: null,
  })
  step: ChainPlaceDto | null;
}

@ApiSchema({
  name: 'TimelineDelivery',
  description: 'A webhook delivery, shown beside the timeline; it has no seq of its own',
})
export class TimelineDeliveryDto {
  @ApiProperty({ example: 'whd_01m8323e5resfrawc09p7zfe70' })
  id: string;

  @ApiProperty({ example: 'whe_01m8323e5rf7hvy6yk4hpdk3f6' })
  endpointId: string;

  @ApiProperty({ type: 'integer', example: 7 })
  seq: number;

  @ApiProperty({ example: 'delivered' })
  status: string;

  @ApiProperty({ type: 'integer', example: 1 })
  attempts: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 204 })
  lastStatusCode: number | null;
}

@ApiSchema({ name: 'Timeline', description: 'The transitions of a job, oldest first, without a gap' })
export class TimelineDto {
  @ApiProperty({ type: [TransitionDto] })
  data: TransitionDto[];

  @ApiProperty({ type: [TimelineDeliveryDto], example: [] })
  deliveries: TimelineDeliveryDto[];
}
