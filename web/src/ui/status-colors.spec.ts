import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { derive } from '../../../src/portal/brand/derive.js';
import { contrast, type Hex } from '../../../src/portal/brand/srgb.js';

const css = fs.readFileSync(path.join(import.meta.dirname, '../styles.css'), 'utf8');
const PAIR = /--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g;
const COLORS = [...css.matchAll(PAIR)].map(([, name, light, dark]) => ({
  name,
  light: light as Hex,
  dark: dark as Hex,
}));
const BRANDS: readonly Hex[] = ['#fee500', '#a50034', '#03c75a', '#0047ff', '#8a2be2', '#000000', '#ffffff'];

test('there is a color for each status', () => {
  expect(COLORS.map((c) => c.name)).toEqual(['queued', 'running', 'ok', 'warn', 'failed', 'canceled']);
});

test.each(COLORS)('$name reads at 4.5:1 on page, surface and selected rows of every brand, in both modes', (color) => {
  for (const primary of BRANDS) {
    for (const neutral of ['none', 'cool', 'warm', 'brand'] as const) {
      const palettes = derive(primary, neutral);
      for (const mode of ['light', 'dark'] as const) {
        const { bg, surface, accentSoft } = palettes[mode];
        for (const ground of [bg, surface, accentSoft]) {
          expect(contrast(color[mode], ground), `${mode} ${ground} of ${primary}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  }
});
