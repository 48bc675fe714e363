import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publicId } from '../../common/ids.js';
import { API_VERSION } from '../../http/api-headers.js';
import type { Tenant } from '../../tenants/tenant.js';

/** Languages that a tenant offers. */
@ApiSchema({ name: 'TenantLocales' })
export class TenantLocalesDto {
  @ApiProperty({ type: [String], description: 'BCP 47 tags', example: ['ko', 'en'] })
  enabled: string[];

  @ApiProperty({ example: 'ko' })
  default: string;
}

/** A tenant. */
@ApiSchema({ name: 'Tenant' })
export class TenantDto {
  @ApiProperty({ example: 'ten_01m8323e5rfaqba79afy7192zq' })
  id: string;

  @ApiProperty({ enum: ['tenant'], example: 'tenant' })
  object: 'tenant';

  @ApiProperty({ example: 'hanbit' })
  slug: string;

  @ApiProperty({ example: 'Hanbit' })
  name: string;

  @ApiProperty({ enum: ['active', 'suspended'], example: 'active' })
  status: 'active' | 'suspended';

  @ApiProperty({ type: 'integer', description: 'Share of the devices, 1..100; operators set it', example: 2 })
  weight: number;

  @ApiProperty({ type: [String], description: 'Hosts of the portal', example: ['hanbit.localhost:3000'] })
  hosts: string[];

  @ApiProperty({ type: TenantLocalesDto })
  locales: TenantLocalesDto;

  @ApiProperty({ example: '2026-11-01' })
  apiVersion: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  createdAt: string;
}

/** @param publicUrl of the installation: hosts get its port */
export function toTenantDto(tenant: Tenant, publicUrl: string): TenantDto {
  const { port } = new URL(publicUrl);
  return {
    id: publicId('tenant', tenant.id),
    object: 'tenant',
    slug: tenant.slug,
    name: tenant.name,
    status: tenant.status,
    weight: tenant.weight,
    hosts: tenant.hosts.map((host) => (port ? `${host}:${port}` : host)),
    locales: { enabled: [...tenant.locales.enabled], default: tenant.locales.default },
    apiVersion: API_VERSION,
    createdAt: tenant.createdAt.toISOString(),
  };
}
