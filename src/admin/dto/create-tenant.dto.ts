import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PlainLine } from '../../http/plain-line.decorator.js';
import { QUOTA_NAMES } from '../../usage/limits/quota-names.js';
import { InviteOwnerDto } from './invite-owner.dto.js';
import { QuotaOverrideDto } from './set-quotas.dto.js';

/** A tenant to create. */
@ApiSchema({ name: 'CreateTenant' })
export class CreateTenantDto {
  @ApiProperty({ pattern: '^[a-z][a-z0-9-]{1,30}$', description: 'Never changes', example: 'hanbit' })
  @Matches(/^[a-z][a-z0-9-]{1,30}$/)
  slug: string;

  @PlainLine({ maxLength: 64, description: 'Without control characters', example: 'Hanbit' })
  name: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 1, example: 2 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  weight?: number;

  @ApiPropertyOptional({ description: 'Name of a plan. Default: that of `from`, else `standard`', example: 'business' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,30}$/)
  plan?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 200,
    description: 'Slugs that it may use',
    example: ['digit-reader'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @Matches(/^[a-z][a-z0-9-]{0,63}$/, { each: true })
  analyzers?: string[];

  @ApiPropertyOptional({ type: [QuotaOverrideDto], description: 'Exceptions from the plan' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(QUOTA_NAMES.length)
  @ArrayUnique((quota: QuotaOverrideDto) => quota.name)
  @ValidateNested({ each: true })
  @Type(() => QuotaOverrideDto)
  quotas?: QuotaOverrideDto[];

  @ApiPropertyOptional({ type: InviteOwnerDto, description: 'Who is invited as the first owner' })
  @IsOptional()
  @ValidateNested()
  @Type(() => InviteOwnerDto)
  owner?: InviteOwnerDto;

  @IsOptional()
  @PlainLine({
    required: false,
    maxLength: 100,
    description: 'Makes a first API key of this name; the answer shows it once',
    example: 'production',
  })
  apiKeyName?: string;

  @ApiPropertyOptional({
    default: false,
    description: 'Submits a first job to one of `analyzers`; it bills nothing',
    example: true,
  })
  @IsOptional()
  @IsBoolean()
  smokeJob?: boolean;
}
