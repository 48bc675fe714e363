import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

/** Why a tenant is suspended. */
@ApiSchema({ name: 'SuspendTenant' })
export class SuspendTenantDto {
  @ApiProperty({ minLength: 1, maxLength: 300, example: 'Unpaid invoice 2026-114' })
  @IsString()
  @Length(1, 300)
  reason: string;
}
