import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

/** A tenant to create. */
@ApiSchema({ name: 'CreateTenant' })
export class CreateTenantDto {
  @ApiProperty({ pattern: '^[a-z][a-z0-9-]{1,30}$', description: 'Never changes', example: 'hanbit' })
  @Matches(/^[a-z][a-z0-9-]{1,30}$/)
  slug: string;

  @ApiProperty({ minLength: 1, maxLength: 64, example: 'Hanbit' })
  @IsString()
  @Length(1, 64)
  name: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 1, example: 2 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  weight?: number;
}
