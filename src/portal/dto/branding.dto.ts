import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { z } from 'zod';
import { publicId } from '../../common/ids.js';
import type { PublicTenant } from '../../tenants/tenant.js';
import { brandAddress } from '../brand-address.js';
import { tenantBrandSchema } from '../brand/tenant-brand.js';
import { PLATFORM_BRAND } from '../platform-brand.js';

const { $schema: _dialect, ...DOC_SCHEMA } = z.toJSONSchema(tenantBrandSchema, { io: 'input' });

/** Query of GET /v1/branding. */
export class BrandingQueryDto {
  @ApiProperty({
    required: false,
    description: 'Only for pages under /t/{slug} of the platform host; elsewhere the host decides',
    example: 'hanbit',
  })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{1,30}$/)
  slug?: string;
}

/** The public part of a published brand. */
@ApiSchema({ name: 'Branding', description: 'How a tenant looks and speaks; public' })
export class BrandingDto {
  @ApiProperty({ enum: ['branding'], example: 'branding' })
  object: 'branding';

  @ApiProperty({ example: 'ten_01m8323e5rfaqba79afy7192zq' })
  tenantId: string;

  @ApiProperty({ example: 'hanbit' })
  slug: string;

  @ApiProperty({ description: '0 when the tenant has published nothing: then the neutral brand', example: 7 })
  version: number;

  @ApiProperty({
    description: 'The branding document',
    ...(DOC_SCHEMA as Record<string, unknown>),
    example: PLATFORM_BRAND.doc,
  })
  doc: Record<string, unknown>;

  @ApiProperty({ example: '/brand/ten_01m8323e5rfaqba79afy7192zq.3f2ab91c04de.css' })
  cssUrl: string;

  @ApiProperty({ example: '3f2ab91c04de6f0bb3a5ba5f4f9a2c33d5f8a3c1c9d24c4dc1c1e1bb7b2f1f90' })
  cssSha256: string;
}

/** What visitors may know of a tenant. */
export function toBrandingDto(tenant: PublicTenant): BrandingDto {
  const { brand } = tenant;
  const neutral = { ...PLATFORM_BRAND.doc, identity: { ...PLATFORM_BRAND.doc.identity, name: tenant.name } };
  return {
    object: 'branding',
    tenantId: publicId('tenant', tenant.id),
    slug: tenant.slug,
    version: brand?.version ?? 0,
    doc: (brand?.doc ?? neutral) as Record<string, unknown>,
    cssUrl: brandAddress(tenant).cssUrl,
    cssSha256: brand?.cssSha256 ?? PLATFORM_BRAND.cssSha256,
  };
}
