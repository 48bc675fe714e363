import type { PublicTenant } from '../tenants/tenant.js';
import { brandAddress } from './brand-address.js';
import type { TenantBrand } from './brand/tenant-brand.js';
import { escapeHtml } from './html-text.js';

/** Where the built HTML takes the brand's links; the build keeps this comment. */
export const HEAD_MARK = '<!--maru:head-->';

/** What the server swaps in a built page. Everything else of the page is the same for all. */
export interface PageBrand {
  readonly title: string;
  readonly lang: string;
  readonly head: string;
}

/**
 * The brand of a tenant's pages.
 * @param base path prefix of all its pages: empty on its own host, `/t/{slug}` on the shared one
 */
export function tenantPageBrand(tenant: PublicTenant, base: string): PageBrand {
  // Stored documents were validated when they were saved; a tenant without one shows the platform's brand.
  const doc = tenant.brand?.doc as TenantBrand | undefined;
  return {
    title: doc?.identity.name ?? tenant.name,
    lang: doc?.locales.default ?? 'ko',
    head:
      headOf(tenant) +
      `<meta name="maru-tenant" content="${escapeHtml(tenant.slug)}"><meta name="maru-base" content="${escapeHtml(base)}">`,
  };
}

/** The brand of the operators' console. */
export function consolePageBrand(): PageBrand {
  return { title: 'Maru Console', lang: 'en', head: headOf(null) };
}

function headOf(tenant: PublicTenant | null): string {
  const { cssUrl, iconUrl } = brandAddress(tenant);
  return `<link rel="stylesheet" href="${cssUrl}"><link rel="icon" type="image/svg+xml" href="${iconUrl}">`;
}

/** The built page with the brand in it. Throws when the template lacks one of the three places. */
export function brandedHtml(template: string, brand: PageBrand): string {
  const swap = (html: string, place: RegExp, text: string) => {
    if (!place.test(html)) throw new Error(`the built page has no ${place.source}; build the web files again`);
    return html.replace(place, () => text);
  };
  const titled = swap(template, /<title>[^<]*<\/title>/, `<title>${escapeHtml(brand.title)}</title>`);
  const spoken = swap(titled, /<html lang="[a-z-]*"/, `<html lang="${escapeHtml(brand.lang)}"`);
  return swap(spoken, new RegExp(HEAD_MARK), brand.head);
}
