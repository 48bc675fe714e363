import { expect, test } from 'vitest';
import { COPY_LIMITS } from '../../../src/portal/brand/tenant-brand.js';
import { consoleEn } from '../console/en.js';
import { consoleKo } from '../console/ko.js';
import { en } from './en.js';
import { ko } from './ko.js';

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['portal', ko, en],
  ['console', consoleKo, consoleEn],
])('%s: Korean and English have the same keys and placeholders', (_, korean, english) => {
  expect(Object.keys(korean).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(korean)) {
    expect(placeholders(english[key] ?? ''), key).toEqual(placeholders(text));
    expect(text.trim(), key).not.toBe('');
    expect(english[key]?.trim(), key).not.toBe('');
  }
});

test('English texts contain no Korean, and Korean sentences are Korean', () => {
  const hangul = /\p{Script=Hangul}/u;
  expect(Object.entries(en).filter(([, text]) => hangul.test(text))).toEqual([]);
  const foreign = Object.entries(ko).filter(([, text]) => !hangul.test(text));
  expect(foreign.map(([key]) => key)).toEqual(['result.tab.json']);
});

test('every text that a tenant may replace exists', () => {
  expect(Object.keys(ko)).toEqual(expect.arrayContaining(Object.keys(COPY_LIMITS)));
});
