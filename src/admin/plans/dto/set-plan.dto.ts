import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDate, IsInt, IsObject, IsOptional, IsString, Matches, Max, Min, ValidateNested } from 'class-validator';
import type { PlanLimitName } from '../plan-limit-names.js';

const Limit =
  (description: string, example: number): PropertyDecorator =>
  (target, key) => {
    ApiPropertyOptional({ type: 'integer', minimum: 0, description, example })(target, key);
    IsOptional()(target, key);
    IsInt()(target, key);
    Min(0)(target, key);
    Max(Number.MAX_SAFE_INTEGER)(target, key);
  };

/** Limits of a plan; what is absent stays. */
@ApiSchema({ name: 'PlanLimits' })
export class PlanLimitsDto implements Partial<Record<PlanLimitName, number>> {
  @Limit('Requests of a tenant a minute', 12_000)
  requests?: number;

  @Limit('Requests of one API key a minute', 6_000)
  key?: number;

  @Limit('Submits of a tenant a minute', 6_000)
  submit?: number;

  @Limit('Jobs of a tenant a day', 1_000_000)
  daily?: number;

  @Limit('Device time of a tenant a day, ms', 86_400_000)
  gpu?: number;

  @Limit('Bytes of the files of a tenant', 536_870_912_000)
  stored?: number;
}

/** A plan as it is to be. */
@ApiSchema({ name: 'SetPlan' })
export class SetPlanDto {
  @ApiProperty({ type: PlanLimitsDto, description: 'A new plan needs all of them' })
  @IsObject()
  @ValidateNested()
  @Type(() => PlanLimitsDto)
  limits: PlanLimitsDto;
}

/** What a unit is to cost. */
@ApiSchema({ name: 'AddPrice' })
export class AddPriceDto {
  @ApiProperty({
    description: 'Decimal number as text, at most 12 digits before the point and 6 behind it',
    example: '12.5',
  })
  @IsString()
  @Matches(/^\d{1,12}(\.\d{1,6})?$/, { message: 'must be a decimal number such as 12.5' })
  unitPrice: string;

  @ApiProperty({ description: 'ISO 4217', example: 'KRW' })
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters such as KRW' })
  currency: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'From when on; absent: from now on. Not in the past',
    example: '2026-12-01T00:00:00.000Z',
  })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  validFrom?: Date | null;
}
