import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** One fault of one field. */
@ApiSchema({ name: 'FieldFault', description: 'One fault of one field of the request body' })
export class FieldFaultDto {
  @ApiProperty({ description: 'JSON pointer into the body', example: '/input/image' })
  pointer: string;

  @ApiProperty({ description: 'Stable snake_case code', example: 'required' })
  code: string;

  @ApiProperty({ example: 'is required' })
  message: string;
}

/** Body of every error: RFC 9457 with our extension members. */
@ApiSchema({ name: 'Problem', description: 'What went wrong (RFC 9457)' })
export class ProblemDto {
  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:3000/problems/validation-failed' })
  type: string;

  @ApiProperty({ example: 'Validation failed' })
  title: string;

  @ApiProperty({ type: 'integer', example: 422 })
  status: number;

  @ApiProperty({ description: 'What happened this time and what to do', example: '/input/image is required' })
  detail: string;

  @ApiProperty({ description: 'Path of the request', example: '/v1/jobs' })
  instance: string;

  @ApiProperty({ description: 'Slug of the problem type; stable', example: 'validation-failed' })
  code: string;

  @ApiProperty({ description: 'Also in the X-Request-Id header', example: '01m8323e5rfbnv28231hc5mh2z' })
  requestId: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Trace id of the traceparent header',
    example: '4bf92f3577b34da6a3ce929d0e0e4736',
  })
  traceId: string | null;

  @ApiProperty({ description: 'True when the same request may succeed later', example: false })
  retryable: boolean;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Seconds to wait; equals the Retry-After header',
    example: null,
  })
  retryAfter: number | null;

  @ApiProperty({ type: [FieldFaultDto], description: 'Faults of single fields; empty when no field is at fault' })
  errors: FieldFaultDto[];
}
