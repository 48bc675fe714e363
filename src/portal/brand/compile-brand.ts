import { createHash } from 'node:crypto';
import { type ContrastReport, contrastReport } from './contrast-report.js';
import { derive } from './derive.js';
import { InvalidBrandError, parseTenantBrand, type TenantBrand } from './tenant-brand.js';
import { toCss } from './to-css.js';

/** A document ready to be stored and published. */
export interface CompiledBrand {
  /** Defaults filled in. */
  readonly doc: TenantBrand;
  readonly css: string;
  /** Lower-case hex; its first 12 digits are part of the style sheet's address. */
  readonly cssSha256: string;
  readonly report: ContrastReport;
}

/**
 * From document to style sheet: validate, derive, prove the contrast, write the CSS. Throws InvalidBrandError.
 * Server side only (node:crypto); editors that preview a brand use `derive` and `toCss` directly.
 */
export function compileBrand(doc: unknown): CompiledBrand {
  const brand = parseTenantBrand(doc);
  const palettes = derive(brand.theme.primary, brand.theme.neutral);
  const report = contrastReport(palettes);
  if (report.violations > 0) {
    throw new InvalidBrandError([
      { pointer: '/theme/primary', message: `leaves ${report.violations} unreadable pairs` },
    ]);
  }
  const css = toCss(palettes, brand.theme);
  return { doc: brand, css, cssSha256: createHash('sha256').update(css).digest('hex'), report };
}
