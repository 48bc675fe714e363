import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { PLAIN_TEXT } from '../../common/plain-text.js';

/** A tenant to create. */
@ApiSchema({ name: 'CreateTenant' })
export class CreateTenantDto {
  @ApiProperty({ pattern: '^[a-z][a-z0-9-]{1,30}$', description: 'Never changes', example: 'hanbit' })
  @Matches(/^[a-z][a-z0-9-]{1,30}$/)
  slug: string;

  @ApiProperty({ minLength: 1, maxLength: 64, description: 'Without control characters', example: 'Hanbit' })
  @IsString()
  @Length(1, 64)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  name: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 1, example: 2 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  weight?: number;
}
