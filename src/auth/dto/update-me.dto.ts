import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsTimeZone,
  Length,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { PLAIN_TEXT } from '../../common/plain-text.js';
import { IfGiven } from './if-given.decorator.js';

/** A filter of a list that somebody gave a name. */
@ApiSchema({ name: 'SavedView' })
export class SavedViewDto {
  @ApiProperty({ minLength: 1, maxLength: 60, example: 'Failed this week' })
  @IsString()
  @Length(1, 60)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
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
  @ApiPropertyOptional({ minLength: 1, maxLength: 100, example: 'Mina Kim' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  @Matches(/\S/, { message: 'must not be blank' })
  name?: string;

  @ApiPropertyOptional({
    format: 'password',
    description: 'A new password; ends every other session and every access token. Needs `currentPassword`',
    example: 'seven lamps above the quay',
  })
  @IfGiven()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password?: string;

  @ApiPropertyOptional({ format: 'password', example: 'correct horse battery staple' })
  @IfGiven()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  currentPassword?: string;

  @ApiPropertyOptional({ type: PreferencesDto, description: 'Merged into those that are saved' })
  @IfGiven()
  @ValidateNested()
  @Type(() => PreferencesDto)
  preferences?: PreferencesDto;
}
