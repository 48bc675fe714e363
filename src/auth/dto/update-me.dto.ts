import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsTimeZone,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { PlainLine } from '../../http/plain-line.decorator.js';
import { Password } from './credential-fields.js';
import { IfGiven } from './if-given.decorator.js';

/** A filter of a list that somebody gave a name. */
@ApiSchema({ name: 'SavedView' })
export class SavedViewDto {
  @PlainLine({ maxLength: 60, example: 'Failed this week' })
  name: string;

  @ApiProperty({ maxLength: 1000, description: 'Query string of the list', example: 'status=failed&order=desc' })
  @IsString()
  @MaxLength(1000)
  query: string;
}

/** What somebody prefers. Null takes a preference back. */
@ApiSchema({ name: 'Preferences' })
export class PreferencesDto {
  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'BCP 47', example: 'ko' })
  @IsOptional()
  @Matches(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/, { message: 'must be a language tag such as ko or en-US' })
  locale?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, enum: ['light', 'dark', 'system'], example: 'dark' })
  @IsOptional()
  @IsIn(['light', 'dark', 'system'])
  mode?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, enum: ['standard', 'more'], example: 'standard' })
  @IsOptional()
  @IsIn(['standard', 'more'])
  contrast?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'IANA name', example: 'Asia/Seoul' })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;

  @ApiPropertyOptional({ type: [SavedViewDto], nullable: true, description: 'At most 50' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SavedViewDto)
  savedViews?: SavedViewDto[] | null;
}

/** Body of PATCH /v1/me. */
@ApiSchema({ name: 'UpdateMe' })
export class UpdateMeDto {
  @IfGiven()
  @PlainLine({ required: false, maxLength: 100, example: 'Mina Kim', isNeverBlank: true })
  name?: string;

  @IfGiven()
  @Password({
    required: false,
    description: 'A new password; ends every other session and every access token. Needs `currentPassword`',
    example: 'seven lamps above the quay',
  })
  password?: string;

  @IfGiven()
  @Password({ required: false })
  currentPassword?: string;

  @ApiPropertyOptional({ type: PreferencesDto, description: 'Merged into those that are saved' })
  @IfGiven()
  @ValidateNested()
  @Type(() => PreferencesDto)
  preferences?: PreferencesDto;
}
