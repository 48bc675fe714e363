import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { TransitionDto } from './transition.dto.js';

const CURSOR = 'q7mB1v0T3kZ6v2bJY0mX5c8d1nE4sRwAf3Kp9uLx0ZtGhQ';

@ApiSchema({ name: 'Event', description: "A transition in the tenant's event log" })
export class EventDto extends TransitionDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Where the result is; set when the job succeeded',
    example: '/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z/result',
  })
  resultUrl: string | null;

  @ApiProperty({ description: 'The place after this event', example: CURSOR })
  cursor: string;
}

@ApiSchema({ name: 'EventPage', description: 'A part of the event log, oldest first' })
export class EventPageDto {
  @ApiProperty({ type: [EventDto] })
  data: EventDto[];

  @ApiProperty({ description: 'Give it as `after` to go on, here or in the stream; never null', example: CURSOR })
  cursor: string;

  @ApiProperty({ description: 'False when the log has been read to its present end', example: false })
  hasMore: boolean;
}
