import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { JOB_STATUSES, type JobStatus } from '../job-status.js';
import { RFC_3339 } from './create-job.dto.js';
import { IsMetadata } from './metadata.validator.js';

const TIME_MESSAGE = { message: 'must be an RFC 3339 time such as 2026-11-23T02:05:00.000Z' };

/** Filters of the job list. `metadata[k]=v` is gathered into `metadata` before validation. `order` and `metadata` are documented beside the route. */
export class ListJobsQuery extends PageQueryDto {
  @ApiPropertyOptional({
    enum: JOB_STATUSES,
    isArray: true,
    description: 'One status or several: repeat it, or separate them by commas',
    example: ['queued', 'running'],
  })
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(JOB_STATUSES, { each: true })
  status?: JobStatus[];

  @ApiPropertyOptional({ description: 'Slug', example: 'surface-inspection' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  analyzer?: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'Later than',
    example: '2026-11-22T00:00:00.000Z',
  })
  @IsOptional()
  @Matches(RFC_3339, TIME_MESSAGE)
  createdAfter?: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'Earlier than',
    example: '2026-11-23T00:00:00.000Z',
  })
  @IsOptional()
  @Matches(RFC_3339, TIME_MESSAGE)
  createdBefore?: string;

  @IsOptional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc';

  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string>;
}
