import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsDate,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { QUOTA_NAMES, type QuotaName } from '../../usage/limits/quota-names.js';

/** One exception from a tenant's plan. */
@ApiSchema({ name: 'QuotaOverride' })
export class QuotaOverrideDto {
  @ApiProperty({ enum: QUOTA_NAMES, example: 'daily' })
  @IsIn(QUOTA_NAMES)
  name: QuotaName;

  @ApiProperty({ type: 'integer', minimum: 0, example: 20_000 })
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  limit: number;

  @ApiProperty({ minLength: 1, maxLength: 300, example: 'Trial until the contract is signed' })
  @IsString()
  @Length(1, 300)
  reason: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', nullable: true, example: '2026-12-31T00:00:00.000Z' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  expiresAt?: Date | null;
}

/** All exceptions from a tenant's plan: what is not here ends. */
@ApiSchema({ name: 'SetQuotas' })
export class SetQuotasDto {
  @ApiProperty({ type: [QuotaOverrideDto] })
  @IsArray()
  @ArrayMaxSize(QUOTA_NAMES.length)
  @ArrayUnique((quota: QuotaOverrideDto) => quota.name)
  @ValidateNested({ each: true })
  @Type(() => QuotaOverrideDto)
  quotas: QuotaOverrideDto[];
}

/** Which analyzers a tenant may use. */
@ApiSchema({ name: 'SetAnalyzers' })
export class SetAnalyzersDto {
  @ApiProperty({ type: [String], maxItems: 200, description: 'Slugs; all others end', example: ['surface-inspection'] })
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @Matches(/^[a-z][a-z0-9-]{0,63}$/, { each: true })
  analyzers: string[];
}
