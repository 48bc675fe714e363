import { publicId } from '../common/ids.js';
import type { PublicTenant } from '../tenants/tenant.js';
import { PLATFORM_BRAND } from './platform-brand.js';

/** What a page links for its looks. Addresses carry the hash of the style sheet, so they never need checking again. */
export interface BrandAddress {
  readonly cssUrl: string;
  readonly iconUrl: string;
}

/** Where the brand of a tenant lies; null, or a tenant without a published brand, means the platform's. */
export function brandAddress(tenant: PublicTenant | null): BrandAddress {
  const owner = tenant?.brand ? publicId('tenant', tenant.id) : 'platform';
  const name = `/brand/${owner}.${(tenant?.brand?.cssSha256 ?? PLATFORM_BRAND.cssSha256).slice(0, 12)}`;
  return { cssUrl: `${name}.css`, iconUrl: `${name}.svg` };
}
