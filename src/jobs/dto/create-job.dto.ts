import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PRIORITY_BANDS, type PriorityBand } from '../../gpu-scheduler/work-item.js';
import { IsMetadata } from './metadata.validator.js';

export const DEFAULT_MAX_ATTEMPTS = 3;

/** RFC 3339 with a zone; the date itself is checked when the deadline is computed. */
export const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

@ApiSchema({ name: 'RetryPolicy', description: 'Bounds of automatic attempts' })
export class RetryPolicyDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 10, default: DEFAULT_MAX_ATTEMPTS, example: 3 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  maxAttempts?: number | null;
}

@ApiSchema({ name: 'CreateJob', description: 'What to analyse, and how urgently' })
export class CreateJobDto {
  @ApiProperty({ description: 'Slug of an analyzer that the tenant may use', example: 'surface-inspection' })
  @IsString()
  @Length(1, 64)
  analyzer: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Null: the current one', example: null })
  @IsOptional()
  @IsString()
  @MaxLength(32)
  analyzerVersion?: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      "Matches the analyzer's inputSchema. A file field takes `{fileId}`, `{dataUri}` (at most 256 kB decoded) or `{url}` (public https); in a multipart request it is a part named after the field",
    example: { image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' }, threshold: 0.5 },
  })
  @IsObject()
  input: Record<string, unknown>;

  @ApiPropertyOptional({ enum: PRIORITY_BANDS, default: 'standard', example: 'standard' })
  @IsOptional()
  @IsIn(PRIORITY_BANDS)
  priority?: PriorityBand | null;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Not started by then: expired and not billed. Still running: canceled',
    example: '2036-11-23T02:05:00.000Z',
  })
  @IsOptional()
  @Matches(RFC_3339, { message: 'deadline must be an RFC 3339 time such as 2026-11-23T02:05:00.000Z' })
  deadline?: string | null;

  @ApiPropertyOptional({ type: RetryPolicyDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RetryPolicyDto)
  retry?: RetryPolicyDto | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 256 },
    description: 'At most 16 keys of at most 64 characters; lists can be filtered by it',
    example: { order: '42' },
  })
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string> | null;

  @ApiPropertyOptional({ default: false, description: 'True: runs the same way, bills 0 units', example: false })
  @IsOptional()
  @IsBoolean()
  test?: boolean | null;
}
