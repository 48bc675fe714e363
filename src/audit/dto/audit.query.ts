import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { QueryInstant } from '../../http/query-instant.decorator.js';

/** Query of GET /v1/audit. */
export class AuditQueryDto extends PageQueryDto {
  @ApiPropertyOptional({
    description: 'Public id of the actor, or `system` or `anonymous`',
    example: 'mem_01m8323e5reaxrt2ryy9phpt8y',
  })
  @IsOptional()
  @Matches(/^[a-z0-9_]{1,64}$/)
  actor?: string;

  @ApiPropertyOptional({ description: 'An action, or its first part', example: 'tenant.suspended' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_.]{0,99}$/)
  action?: string;

  @QueryInstant('Inclusive', '2026-11-01T00:00:00.000Z')
  from?: Date;

  @QueryInstant('Exclusive', '2026-12-01T00:00:00.000Z')
  to?: Date;
}

/** Query of GET /v1/admin/audit. */
export class OperatorAuditQueryDto extends AuditQueryDto {
  @ApiPropertyOptional({ description: 'Only the log of this tenant', example: 'ten_01m8323e5rfaqba79afy7192zq' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  tenant?: string;
}
