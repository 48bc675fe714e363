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
}
