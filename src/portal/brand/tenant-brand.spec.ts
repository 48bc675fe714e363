import { expect, test } from 'vitest';
import { InvalidBrandError, parseTenantBrand } from './tenant-brand.js';

const base = { schema: 1, identity: { name: 'Hanbit', shortName: 'H' }, theme: { primary: '#FEE500' } };
const withPrimary = (primary: unknown) => ({ ...base, theme: { primary } });

test('the smallest document gets its defaults, the color in lower case', () => {
  const brand = parseTenantBrand(base);
  expect(brand.theme).toEqual({
    primary: '#fee500',
    neutral: 'cool',
    radius: 'md',
    density: 'comfortable',
    font: 'system',
    mode: 'auto',
  });
  expect(brand.locales.default).toBe('ko');
  expect(parseTenantBrand(brand)).toEqual(brand);
});

test.each<[string, unknown]>([
  ['CSS behind a color', withPrimary('red;}body{background:url(//evil)}')],
  ['a color function', withPrimary('url(//evil)')],
  ['a full-width number sign', withPrimary('＃fee500')],
  ['a trailing newline', withPrimary('#fee500\n')],
  ['three digits', withPrimary('#fe5')],
  ['an alpha channel', withPrimary('#fee500ff')],
  ['an array that prints as a color', withPrimary(['#fee500'])],
  ['a named color', withPrimary('red')],
  ['customCss', { ...base, customCss: 'body{}' }],
  ['a font address', { ...base, theme: { primary: '#fee500', fontUrl: 'https://evil/x.woff2' } }],
  ['an unknown font', { ...base, theme: { primary: '#fee500', font: 'x;}*{display:none' } }],
  ['a radius of its own', { ...base, theme: { primary: '#fee500', radius: '9px' } }],
  ['a script address', { ...base, identity: { ...base.identity, supportUrl: 'javascript:alert(1)' } }],
  ['plain http', { ...base, identity: { ...base.identity, termsUrl: 'http://example.com/' } }],
  ['a control character', { ...base, identity: { name: 'a\u0000b', shortName: 'H' } }],
  ['a bidirectional override', { ...base, identity: { name: 'a\u202eb', shortName: 'H' } }],
  ['a copy key outside the list', { ...base, copy: { ko: { 'job.failed': 'x' }, en: {} } }],
  ['a placeholder in a text without one', { ...base, copy: { ko: { 'login.title': '{{password}}' }, en: {} } }],
  ['the same analyzer twice', { ...base, analyzers: [{ slug: 'digit-reader' }, { slug: 'digit-reader' }] }],
  ['a default locale that is off', { ...base, locales: { enabled: ['en'], default: 'ko' } }],
  ['another schema version', { ...base, schema: 2 }],
  ['a very large document', { ...base, note: 'x'.repeat(70_000) }],
  ['nothing', null],
])('refused: %s', (_, doc) => {
  expect(() => parseTenantBrand(doc)).toThrow(InvalidBrandError);
});

test('a prototype cannot be smuggled in', () => {
  const doc: unknown = JSON.parse(
    `{"schema":1,"identity":{"name":"a","shortName":"a"},"theme":{"primary":"#fee500"},"__proto__":{"x":1}}`,
  );
  expect(() => parseTenantBrand(doc)).toThrow(InvalidBrandError);
});
