import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MoneyDto } from '../../http/money.dto.js';
import { publicId } from '../../common/ids.js';
import { PageOf } from '../../http/page.js';
import type { LedgerRow } from '../usage.repository.js';

/** One entry of the usage ledger: it is written once, with the end of its job, and never changes. */
@ApiSchema({ name: 'LedgerEntry' })
export class LedgerEntryDto {
  @ApiProperty({ description: 'Job, attempt, kind: unique', example: 'job_01m8323e5rfbnv28231hc5mh2z/1/infer' })
  key: string;

  @ApiProperty({ enum: ['ledger_entry'], example: 'ledger_entry' })
  object: 'ledger_entry';

  @ApiProperty({ example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  jobId: string;

  @ApiProperty({ type: 'integer', example: 1 })
  attempt: number;

  @ApiProperty({ enum: ['infer'], example: 'infer' })
  kind: 'infer';

  @ApiProperty({ type: 'integer', example: 1 })
  units: number;

  @ApiProperty({ type: 'integer', example: 52 })
  deviceMs: number;

  @ApiProperty({ type: MoneyDto, nullable: true })
  amount: MoneyDto | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:01.600Z' })
  at: string;
}

/** One page of the ledger. */
export const LedgerPageDto = PageOf(LedgerEntryDto, 'LedgerPage');

export function toLedgerEntryDto(row: LedgerRow): LedgerEntryDto {
  const jobId = publicId('job', row.jobId);
  const { attempt, units, amount, currency } = row;
  return {
    key: `${jobId}/${attempt}/infer`,
    object: 'ledger_entry',
    jobId,
    attempt,
    kind: 'infer',
    units,
    deviceMs: Math.round(row.deviceUs / 1_000),
    amount: amount !== null && currency !== null ? { value: amount, currency } : null,
    at: row.at.toISOString(),
  };
}
