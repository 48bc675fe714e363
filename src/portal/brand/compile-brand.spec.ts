import { expect, test } from 'vitest';
import { brandIcon } from './brand-icon.js';
import { compileBrand } from './compile-brand.js';
import { derive } from './derive.js';
import { parseTenantBrand, type BrandTheme } from './tenant-brand.js';
import { BRAND_PROPERTIES, toCss } from './to-css.js';

const doc = { schema: 1, identity: { name: 'Hanbit', shortName: 'hb' }, theme: { primary: '#FEE500' } };

test('the sheet sets the closed list of properties, and nothing else', () => {
  const { css } = compileBrand(doc);
  const names = [...css.matchAll(/[{;]([a-z-]+):/g)].map((m) => m[1]).filter((n) => n !== 'color-scheme');
  expect(new Set(names)).toEqual(new Set(BRAND_PROPERTIES));
  expect(BRAND_PROPERTIES).toHaveLength(14);
  expect(css).not.toMatch(/url|@import|expression|\\|\/\*/);
  expect(css.length).toBeLessThan(1400);
});

test('the same document compiles to the same bytes and hash', () => {
  const [one, two] = [compileBrand(doc), compileBrand(structuredClone(doc))];
  expect(one).toEqual(two);
  expect(one.cssSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(one.report.violations).toBe(0);
  expect(compileBrand({ ...doc, theme: { primary: '#a50034' } }).cssSha256).not.toBe(one.cssSha256);
});

test.each([
  ['auto', /^:root\{color-scheme:light.*prefers-color-scheme:dark.*\[data-mode=dark\]/s],
  ['light', /^:root\{color-scheme:light(?!.*prefers-color-scheme:dark).*\[data-mode=dark\]/s],
  ['dark', /^:root\{color-scheme:dark(?!.*prefers-color-scheme:dark).*\[data-mode=light\]/s],
] as const)('mode %s', (mode, pattern) => {
  expect(compileBrand({ ...doc, theme: { primary: '#fee500', mode } }).css).toMatch(pattern);
});

test('a value outside the output pattern is never written', () => {
  const { theme } = parseTenantBrand(doc);
  const palettes = derive('#fee500', 'cool');
  const hostile = { ...palettes, light: { ...palettes.light, accent: '#fff;}body{x:y' as const } };
  expect(() => toCss(hostile, theme)).toThrow(/--accent/);
  const unlisted: BrandTheme = { ...theme, font: 'constructor' as BrandTheme['font'] };
  expect(() => toCss(palettes, unlisted)).toThrow(/--font/);
});

test('the icon escapes its letter', () => {
  const brand = parseTenantBrand({ ...doc, identity: { name: 'a', shortName: '<script>' } });
  expect(brandIcon(brand)).toContain('>&lt;</text>');
  expect(brandIcon(parseTenantBrand(doc))).toContain('fill="#fee500"');
});
