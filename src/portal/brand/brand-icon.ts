import { derive } from './derive.js';
import type { TenantBrand } from './tenant-brand.js';

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** The letter of the mark: first character of the short name, upper case. */
export function monogram(shortName: string): string {
  return ([...shortName][0] ?? '·').toLocaleUpperCase('en');
}

/** The tab icon of a brand: its letter on its color, as a small SVG without scripts or links. */
export function brandIcon(brand: TenantBrand): string {
  const { accent, onAccent } = derive(brand.theme.primary, brand.theme.neutral).light;
  const letter = monogram(brand.identity.shortName).replace(/[&<>"']/g, (c) => XML[c] ?? '');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${accent}"/>` +
    `<text x="16" y="22.5" font-family="sans-serif" font-size="18" font-weight="700" text-anchor="middle" fill="${onAccent}">` +
    `${letter}</text></svg>\n`
  );
}
