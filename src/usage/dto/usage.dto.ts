import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MoneyDto } from '../../http/money.dto.js';
import { decimalSum } from '../decimal.js';
import type { UsageRange, UsageRow } from '../usage.repository.js';

const MS_PER_DAY = 86_400_000;

/** What was used, in sum. */
@ApiSchema({ name: 'UsageTotals' })
export class UsageTotalsDto {
  @ApiProperty({ type: 'integer', example: 812 })
  jobs: number;

  @ApiProperty({ type: 'integer', example: 812 })
  units: number;

  @ApiProperty({ type: 'integer', description: 'Device time', example: 40_122 })
  deviceMs: number;

  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Null without a price, or with several currencies' })
  amount: MoneyDto | null;
}

/** What was used in one bucket of time. */
@ApiSchema({ name: 'UsageBucket' })
export class UsageBucketDto extends UsageTotalsDto {
  @ApiProperty({ description: 'A day, or the beginning of an hour', example: '2026-11-22' })
  start: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'With `groupBy=analyzer`',
    example: 'surface-inspection',
  })
  analyzer: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'With `groupBy=api_key`: the key, or the member who submitted in the portal',
    example: 'key_01m8323e5rfbnv28231hc5mh2z',
  })
  apiKeyId: string | null;
}

/** Usage of a tenant. */
@ApiSchema({ name: 'Usage' })
export class UsageDto {
  @ApiProperty({ enum: ['usage'], example: 'usage' })
  object: 'usage';

  @ApiProperty({ example: '2026-11-01' })
  from: string;

  @ApiProperty({ example: '2026-11-23' })
  to: string;

  @ApiProperty({ enum: ['day', 'hour'], example: 'day' })
  bucket: 'day' | 'hour';

  @ApiProperty({ type: [String], enum: ['analyzer', 'api_key'], example: ['analyzer'] })
  groupBy: string[];

  @ApiProperty({ type: [UsageBucketDto] })
  data: UsageBucketDto[];

  @ApiProperty({ type: UsageTotalsDto })
  totals: UsageTotalsDto;

  @ApiProperty({
    format: 'date-time',
    description: 'Entries until then are included',
    example: '2026-11-23T01:59:58.000Z',
  })
  ledgerThrough: string;
}

/** @param rows by bucket, group and currency, in order */
export function toUsageDto(range: UsageRange, rows: readonly UsageRow[], now: Date): UsageDto {
  const { bucket, byAnalyzer, byKey } = range;
  const groups = Map.groupBy(rows, (row) => `${row.start.toISOString()} ${row.analyzer} ${row.createdBy}`);
  return {
    object: 'usage',
    from: stamp(range.from, bucket),
    to: stamp(range.to, bucket),
    bucket,
    groupBy: [...(byAnalyzer ? ['analyzer'] : []), ...(byKey ? ['api_key'] : [])],
    data: [...groups.values()].map((group) => {
      const [{ start, analyzer, createdBy }] = group as [UsageRow];
      return { start: stamp(start, bucket), analyzer, apiKeyId: createdBy, ...totalsOf(group) };
    }),
    totals: totalsOf(rows),
    ledgerThrough: new Date(Math.min(range.to.getTime(), now.getTime())).toISOString(),
  };
}

function totalsOf(rows: readonly UsageRow[]): UsageTotalsDto {
  const sum = (of: (row: UsageRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const currencies = new Set(rows.map((row) => row.currency).filter(Boolean));
  const [currency] = currencies;
  return {
    jobs: sum((row) => row.jobs),
    units: sum((row) => row.units),
    deviceMs: Math.round(sum((row) => row.deviceUs) / 1_000),
    amount:
      currency !== undefined && currencies.size === 1
        ? { value: decimalSum(rows.map((row) => row.amount)), currency }
        : null,
  };
}

function stamp(at: Date, bucket: 'day' | 'hour'): string {
  const isMidnight = at.getTime() % MS_PER_DAY === 0;
  return bucket === 'day' && isMidnight ? at.toISOString().slice(0, 10) : at.toISOString();
}
