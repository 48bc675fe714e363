import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const LIMIT_HINT = `Rows of a page. 0: ${DEFAULT_LIMIT}; more than ${MAX_LIMIT} count as ${MAX_LIMIT}`;

/** Query of every list. A larger limit is lowered to 200, zero means the default, a negative one is refused. */
export class PageQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: DEFAULT_LIMIT, description: LIMIT_HINT, example: 50 })
  @Transform(({ value }) => coerceLimit(value))
  @IsInt()
  @Min(1)
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({
    description: '`nextPageToken` of the page before, with the same filters',
    example: 'q7mB1v0T3kZ6v2bJY0mX5c8d1nE4sRwA',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  pageToken?: string;
}

function coerceLimit(value: unknown): unknown {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value)) return value;
  return Math.min(Number(value) === 0 ? DEFAULT_LIMIT : Number(value), MAX_LIMIT);
}
