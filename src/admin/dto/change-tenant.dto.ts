import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PlainLine } from '../../http/plain-line.decorator.js';

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const NO_LANGUAGE = 'must be a language tag such as ko or en-US';

/** Languages that a tenant offers. */
@ApiSchema({ name: 'ChangeTenantLocales' })
export class ChangeTenantLocalesDto {
  @ApiProperty({ type: [String], minItems: 1, maxItems: 10, description: 'BCP 47 tags', example: ['ko', 'en'] })
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(LANGUAGE, { each: true, message: NO_LANGUAGE })
  enabled: string[];

  @ApiProperty({ description: 'One of the enabled', example: 'ko' })
  @Matches(LANGUAGE, { message: NO_LANGUAGE })
  default: string;
}

/** What to change about a tenant; absent fields stay. */
@ApiSchema({ name: 'ChangeTenant' })
export class ChangeTenantDto {
  @IsOptional()
  @PlainLine({ required: false, maxLength: 64, example: 'Hanbit Precision' })
  name?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, description: 'Share of the devices', example: 2 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  weight?: number;

  @ApiPropertyOptional({ type: ChangeTenantLocalesDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => ChangeTenantLocalesDto)
  locales?: ChangeTenantLocalesDto;

  @ApiPropertyOptional({ description: 'Name of a plan', example: 'business' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,30}$/)
  plan?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 3650,
    description: 'Days for which inputs and results are kept',
    example: 30,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3_650)
  retentionDays?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 10_000_000,
    description: 'Jobs that may wait or run',
    example: 100_000,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  maxQueuedJobs?: number;
}

/** Why a tenant is deleted, and when its data goes. */
@ApiSchema({ name: 'DeleteTenant' })
export class DeleteTenantDto {
  @ApiProperty({ minLength: 1, maxLength: 300, example: 'Contract ended 2026-11-30' })
  @IsString()
  @Length(1, 300)
  reason: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 365,
    default: 30,
    description: 'Days in which it can be taken back',
    example: 30,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  graceDays?: number;
}
