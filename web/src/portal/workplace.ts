import { createContext, useContext } from 'react';
import { api, read } from '../api/client.js';
import type { Branding } from '../api/types.js';
import type { BrandAnalyzer, TenantBrand } from '../../../src/portal/brand/tenant-brand.js';
import type { Locale } from '../i18n/setup.js';

/** The tenant whose page this is, as the HTML and the public brand say. */
export interface Workplace {
  readonly slug: string;
  /** Path prefix of all pages: empty on the tenant's own host. */
  readonly base: string;
  readonly brand: TenantBrand;
  /** Tells this tenant's wording from another's: the end of its id. */
  readonly variant: string;
}

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}

/** Reads the brand of this page. Throws ApiError when the server cannot be reached. */
export async function openWorkplace(): Promise<Workplace> {
  const [slug, base] = [meta('maru-tenant'), meta('maru-base')];
  const branding = (await read(api.GET('/v1/branding', { params: { query: base ? { slug } : {} } }))) as Branding;
  return { slug, base, brand: branding.doc, variant: branding.tenantId.slice(-8) };
}

const LOCALE_KEY = 'maru.locale';

/** The visitor's choice on this device, else the browser's language, else the tenant's. */
export function preferredLocale({ locales }: TenantBrand): Locale {
  const wishes = [localStorage.getItem(LOCALE_KEY), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wishes.map((wish) => locales.enabled.find((l) => l === wish)).find((l) => l !== undefined) ?? locales.default;
}

/** Keeps the choice on this device. */
export function rememberLocale(locale: Locale): void {
  localStorage.setItem(LOCALE_KEY, locale);
}

interface WorkplaceContext {
  readonly workplace: Workplace;
  readonly setLocale: (locale: Locale) => void;
}

export const CurrentWorkplace = createContext<WorkplaceContext | null>(null);

/** The tenant of this page. */
export function useWorkplace(): WorkplaceContext {
  const context = useContext(CurrentWorkplace);
  if (!context) throw new Error('a portal page was drawn outside its workplace');
  return context;
}

/** What the tenant says about one analyzer; undefined = nothing. */
export function useBrandAnalyzer(slug: string | undefined): BrandAnalyzer | undefined {
  return useWorkplace().workplace.brand.analyzers.find((a) => a.slug === slug);
}
