import { compileBrand, type CompiledBrand } from './brand/compile-brand.js';

/** Looks of everything that belongs to no tenant, and of a tenant that has published nothing yet. */
export const PLATFORM_BRAND: CompiledBrand = compileBrand({
  schema: 1,
  identity: { name: 'Maru', shortName: 'M' },
  theme: { primary: '#334155', neutral: 'cool', radius: 'md' },
  locales: { enabled: ['ko', 'en'], default: 'en' },
});
