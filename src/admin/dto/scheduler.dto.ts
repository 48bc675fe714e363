import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** A device of a worker. */
@ApiSchema({ name: 'SchedulerDevice' })
export class SchedulerDeviceDto {
  @ApiProperty({ example: 'cpu:0' })
  id: string;

  @ApiProperty({ description: 'What a person calls it', example: 'CPU' })
  type: string;

  @ApiProperty({ example: 'onnx' })
  runtime: string;

  @ApiProperty({ description: 'The worker that owns it', example: 'node-1/4711' })
  workerId: string;

  @ApiProperty({ enum: ['free', 'busy', 'stuck', 'down'], example: 'free' })
  state: string;

  @ApiProperty({ type: 'integer', description: 'Resident models', example: 3 })
  models: number;

  @ApiProperty({
    type: 'integer',
    description: 'Time spent on inference batches since the worker started',
    example: 40122,
  })
  busyMs: number;
}

/** A lane: one model version and one shape. */
@ApiSchema({ name: 'SchedulerLane' })
export class SchedulerLaneDto {
  @ApiProperty({ example: 'mdl_01m8323e5rf42rbk4qyzd4e5r5/128x128' })
  id: string;

  @ApiProperty({ example: 'node-1/4711' })
  workerId: string;

  @ApiProperty({ type: 'integer', example: 12 })
  queued: number;
}

/** Somebody keeps dead rows of the database from being cleaned, which slows every claim. */
@ApiSchema({ name: 'OldSnapshot' })
export class OldSnapshotDto {
  @ApiProperty({ type: 'integer', description: 'For how long nothing was cleaned, ms', example: 95000 })
  ageMs: number;

  @ApiProperty({ enum: ['session', 'prepared transaction', 'replication slot'], example: 'session' })
  kind: string;

  @ApiProperty({ description: 'Of the application, the prepared transaction or the slot', example: 'nightly report' })
  name: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 4711 })
  pid: number | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'analyst' })
  role: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'idle in transaction' })
  state: string | null;
}

/** How good the estimated starts of one worker have been, over its last 256 waits. */
@ApiSchema({ name: 'SchedulerEta' })
export class SchedulerEtaDto {
  @ApiProperty({ example: 'node-1/4711' })
  workerId: string;

  @ApiProperty({ type: 'integer', example: 256 })
  samples: number;

  @ApiProperty({ description: 'Share of the waits that ended by their p90; 0.9 is perfect', example: 0.91 })
  coverageP90: number;

  @ApiProperty({ type: 'integer', description: 'Median of |actual - p50|, ms', example: 12 })
  medianAbsErrorMs: number;
}

/** The schedulers of all living workers, as of their last heartbeat (at most 3 s old). */
@ApiSchema({ name: 'Scheduler' })
export class SchedulerDto {
  @ApiProperty({ enum: ['scheduler'], example: 'scheduler' })
  object: 'scheduler';

  @ApiProperty({ type: 'integer', description: 'Workers with a valid lease', example: 1 })
  workers: number;

  @ApiProperty({ type: [SchedulerDeviceDto] })
  devices: SchedulerDeviceDto[];

  @ApiProperty({ type: [SchedulerLaneDto] })
  lanes: SchedulerLaneDto[];

  @ApiProperty({ type: [SchedulerEtaDto] })
  eta: SchedulerEtaDto[];

  @ApiProperty({ type: OldSnapshotDto, nullable: true, description: 'Set while a snapshot is older than 60 s' })
  oldSnapshot: OldSnapshotDto | null;
}
