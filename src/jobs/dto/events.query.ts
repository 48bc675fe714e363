import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { TRANSITION_TYPES, type TransitionType } from '../transition.js';

const MAX_JOBS = 50;

/** One value, several separated by commas, or the parameter repeated. */
const Listed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    (Array.isArray(value) ? value : [value]).flatMap((v) => (typeof v === 'string' ? v.split(',') : [v])),
  );

/** Filters of the event log. */
export class EventsQuery extends PickType(PageQueryDto, ['limit'] as const) {
  @ApiPropertyOptional({
    description: 'Cursor: only what comes after it',
    example: 'q7mB1v0T3kZ6v2bJY0mX5c8d1nE4sRwAf3Kp9uLx0ZtGhQ',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  after?: string;

  @ApiPropertyOptional({
    enum: TRANSITION_TYPES,
    isArray: true,
    description: 'One type or several: repeat it, or separate them by commas',
    example: ['job.succeeded', 'job.failed'],
  })
  @IsOptional()
  @Listed()
  @IsArray()
  @ArrayMaxSize(50)
  @IsIn(TRANSITION_TYPES, { each: true })
  types?: TransitionType[];

  @ApiPropertyOptional({
    type: 'string',
    isArray: true,
    description: `Only these jobs, at most ${MAX_JOBS}: repeat it, or separate them by commas`,
    example: ['job_01m8323e5rfbnv28231hc5mh2z'],
  })
  @IsOptional()
  @Listed()
  @IsArray()
  @ArrayMaxSize(MAX_JOBS)
  @Matches(/^job_[0-7][0-9a-hjkmnp-tv-z]{25}$/, { each: true, message: 'must be the id of a job' })
  jobId?: string[];
}

/** Filters of the live stream: the same, without pages. */
export class EventStreamQuery extends PickType(EventsQuery, ['after', 'types', 'jobId'] as const) {}
