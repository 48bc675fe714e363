import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PageOf } from '../../http/page.js';
import type { Tenant } from '../../tenants/tenant.js';
import type { TenantActivity } from '../tenant-activity.repository.js';
import { TenantDto, toTenantDto } from './tenant.dto.js';

/** Jobs of a tenant by what they are doing. */
@ApiSchema({ name: 'JobCounts' })
export class JobCountsDto {
  @ApiProperty({ type: 'integer', example: 12 })
  queued: number;

  @ApiProperty({ type: 'integer', example: 4 })
  running: number;

  @ApiProperty({ type: 'integer', example: 812 })
  succeeded: number;

  @ApiProperty({ type: 'integer', example: 3 })
  failed: number;
}

/** A tenant as operators see it. */
@ApiSchema({ name: 'OperatorTenant' })
export class OperatorTenantDto extends TenantDto {
  @ApiProperty({
    type: [String],
    description: 'Slugs of the analyzers that it may use',
    example: ['surface-inspection'],
  })
  analyzers: string[];

  @ApiProperty({ type: JobCountsDto })
  jobs: JobCountsDto;
}

/** One page of tenants, for operators. */
export const OperatorTenantPageDto = PageOf(OperatorTenantDto, 'OperatorTenantPage');

const NOTHING: Omit<TenantActivity, 'tenantId'> = {
  analyzers: [],
  jobs: { queued: 0, running: 0, succeeded: 0, failed: 0 },
};

/** @param publicUrl of the installation: hosts get its port */
export function toOperatorTenantDto(
  tenant: Tenant,
  activity: Omit<TenantActivity, 'tenantId'> = NOTHING,
  publicUrl: string,
): OperatorTenantDto {
  return { ...toTenantDto(tenant, publicUrl), analyzers: [...activity.analyzers], jobs: activity.jobs };
}
