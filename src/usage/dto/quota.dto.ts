import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { QUOTA_NAMES, type QuotaName } from '../limits/quota-names.js';

const SOURCES = ['default', 'plan', 'override'] as const;

/** A limit of a tenant. */
@ApiSchema({ name: 'Quota' })
export class QuotaDto {
  @ApiProperty({ enum: QUOTA_NAMES, example: 'daily' })
  name: QuotaName;

  @ApiProperty({ enum: ['quota'], example: 'quota' })
  object: 'quota';

  @ApiProperty({ type: 'integer', example: 10_000 })
  limit: number;

  @ApiProperty({ type: 'integer', description: 'Of `key`: the key that used most', example: 812 })
  current: number;

  @ApiProperty({ enum: SOURCES, example: 'plan' })
  source: (typeof SOURCES)[number];

  @ApiProperty({ type: 'string', nullable: true, description: 'Of an override', example: null })
  reason: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'End of an override',
    example: null,
  })
  expiresAt: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-24T00:00:00.000Z' })
  resetsAt: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it is used up at the pace of this window; null when that is not before its end',
    example: null,
  })
  forecastExhaustedAt: string | null;
}

/** All limits of a tenant. */
@ApiSchema({ name: 'QuotaList' })
export class QuotaListDto {
  @ApiProperty({ type: [QuotaDto] })
  data: QuotaDto[];
}
