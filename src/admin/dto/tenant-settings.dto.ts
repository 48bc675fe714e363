import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { TenantSettings } from '../../tenants/tenant-settings.js';
import type { Tenant } from '../../tenants/tenant.js';
import { TenantDto, toTenantDto } from './tenant.dto.js';

/** A tenant with what operators decide about it. */
@ApiSchema({ name: 'TenantSettings' })
export class TenantSettingsDto extends TenantDto {
  @ApiProperty({ example: 'standard' })
  plan: string;

  @ApiProperty({ type: 'integer', description: 'Days for which inputs and results are kept', example: 30 })
  retentionDays: number;

  @ApiProperty({ type: 'integer', description: 'Jobs that may wait or run', example: 100_000 })
  maxQueuedJobs: number;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  suspendedReason: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When its data is removed',
    example: null,
  })
  deleteAfter: string | null;
}

/** @param publicUrl of the installation: hosts get its port */
export function toTenantSettingsDto(tenant: Tenant, settings: TenantSettings, publicUrl: string): TenantSettingsDto {
  const { plan, retentionDays, maxQueuedJobs, suspendedReason, deleteAfter } = settings;
  return { ...toTenantDto(tenant, publicUrl), plan, retentionDays, maxQueuedJobs, suspendedReason, deleteAfter };
}
