import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import { publicId } from '../../../common/ids.js';
import { PlainLine } from '../../../http/plain-line.decorator.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import type { Impersonation } from '../impersonations.service.js';

/** Where to look, why, and for how long. */
@ApiSchema({ name: 'StartImpersonation' })
export class StartImpersonationDto {
  @ApiProperty({ example: 'ten_01m8323e5rfaqba79afy7192zq' })
  @IsString()
  @Length(1, 64)
  tenantId: string;

  @PlainLine({
    maxLength: 500,
    description: 'The tenant reads it in its audit log',
    example: 'Ticket 4711',
    isNeverBlank: true,
  })
  reason: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 60, default: 15, example: 15 })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(60)
  expiresInMinutes: number = 15;
}

/** A token that reads what a viewer of the tenant may read. */
@ApiSchema({ name: 'Impersonation' })
export class ImpersonationDto {
  @ApiProperty({ example: 'imp_01m8323e5reaxrt2ryy9phpt8y' })
  id: string;

  @ApiProperty({ enum: ['impersonation'], example: 'impersonation' })
  object: 'impersonation';

  @ApiProperty({ example: 'ten_01m8323e5rfaqba79afy7192zq' })
  tenantId: string;

  @ApiProperty({ example: 'Ticket 4711' })
  reason: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:15:00.000Z' })
  expiresAt: string;

  @ApiProperty({ example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJvcHJfIn0.c2lnbmF0dXJl' })
  accessToken: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  tokenType: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 900 })
  expiresIn: number;
}

/** The public form. */
export function toImpersonationDto(made: Impersonation): ImpersonationDto {
  return {
    id: publicId('impersonation', made.id),
    object: 'impersonation',
    tenantId: publicId('tenant', made.tenantId),
    reason: made.reason,
    expiresAt: made.expiresAt.toISOString(),
    accessToken: made.accessToken,
    tokenType: 'Bearer',
    expiresIn: made.expiresIn,
  };
}
