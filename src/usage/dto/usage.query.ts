import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { QueryInstant } from '../../http/query-instant.decorator.js';

const GROUPS = ['analyzer', 'api_key'] as const;
export type UsageGroup = (typeof GROUPS)[number];

/** Query of GET /v1/usage. */
export class UsageQueryDto {
  @QueryInstant('Inclusive, taken down to the bucket. Default: 30 days before `to`', '2026-11-01')
  from?: Date;

  @QueryInstant('Exclusive, taken up to the bucket. Default: now', '2026-12-01')
  to?: Date;

  @ApiPropertyOptional({ enum: ['day', 'hour'], default: 'day', description: 'Days and hours of UTC', example: 'day' })
  @IsOptional()
  @IsIn(['day', 'hour'])
  bucket: 'day' | 'hour' = 'day';

  @ApiPropertyOptional({
    enum: GROUPS,
    isArray: true,
    description: 'Repeat it, or separate by commas',
    example: ['analyzer'],
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(GROUPS, { each: true })
  groupBy: UsageGroup[] = [];
}

/** Query of GET /v1/usage/ledger. */
export class LedgerQueryDto extends PageQueryDto {
  @QueryInstant('Inclusive', '2026-11-01')
  from?: Date;

  @QueryInstant('Exclusive', '2026-12-01')
  to?: Date;
}
