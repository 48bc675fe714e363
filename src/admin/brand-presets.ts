import { compileBrand, type CompiledBrand } from '../portal/brand/compile-brand.js';
import { InvalidBrandError, type TenantBrand } from '../portal/brand/tenant-brand.js';
import { ValidationFailedError } from '../common/domain-error.js';

/** Themes that a new tenant can begin with: tokens only, no name, no text, no picture. */
export const BRAND_PRESETS = {
  graphite: { theme: { primary: '#334155', neutral: 'cool', radius: 'md' } },
  ocean: { theme: { primary: '#0369a1', neutral: 'cool', radius: 'lg' }, layout: { login: 'split_left' } },
  forest: { theme: { primary: '#15803d', neutral: 'warm', radius: 'md' } },
  ember: { theme: { primary: '#c2410c', neutral: 'warm', radius: 'sm' }, layout: { login: 'split_right' } },
  plum: { theme: { primary: '#7e22ce', neutral: 'brand', radius: 'lg' } },
  citrus: { theme: { primary: '#facc15', neutral: 'none', radius: 'full' }, layout: { login: 'split_left' } },
} as const satisfies Readonly<Record<string, BrandTokens>>;
/** Name of a preset. */
export type BrandPreset = keyof typeof BRAND_PRESETS;

interface BrandTokens {
  readonly theme: Readonly<Partial<TenantBrand['theme']>> & { readonly primary: string };
  readonly layout?: Readonly<Partial<TenantBrand['layout']>>;
}

/** Who a brand is of, and in which languages it speaks. */
export interface BrandOwner {
  readonly name: string;
  readonly locales?: unknown;
}

/** True for the name of a preset. */
export function isBrandPreset(name: string): name is BrandPreset {
  return Object.hasOwn(BRAND_PRESETS, name);
}

/** A preset under the name of its new owner. @throws ValidationFailedError for a name that no brand can bear */
export function presetBrand(preset: BrandPreset, owner: BrandOwner): CompiledBrand {
  return brandUnderName(BRAND_PRESETS[preset], owner);
}

/**
 * The looks of another brand under the name of a new owner: nothing that says whose they were comes along.
 * @throws ValidationFailedError for a document that is no brand any more, or a name that no brand can bear
 */
export function brandAfter(doc: Partial<TenantBrand>, owner: BrandOwner): CompiledBrand {
  const { theme, layout, locales, analyzers } = doc;
  return brandUnderName({ theme, layout, analyzers }, { ...owner, locales });
}

/** Checked as a brand that somebody publishes is: form, closed lists, and the contrast of every pair of colors. */
function brandUnderName(looks: object, { name, locales }: BrandOwner): CompiledBrand {
  const shortName = [...name.trim()].slice(0, 16).join('').trim();
  try {
    return compileBrand({ schema: 1, identity: { name, shortName }, ...looks, ...(locales ? { locales } : {}) });
  } catch (error) {
    if (!(error instanceof InvalidBrandError)) throw error;
    throw new ValidationFailedError(
      error.faults.map(({ pointer, message }) => ({
        pointer: pointer.startsWith('/identity') ? '/name' : '/from',
        code: 'invalid_brand',
        message: `cannot be the brand: ${pointer} ${message}`,
      })),
    );
  }
}
