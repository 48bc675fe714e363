import { expect, test } from 'vitest';
import { contrastReport } from './contrast-report.js';
import { derive, VANISHING_RATIO } from './derive.js';
import { contrast, type Hex } from './srgb.js';
import type { Neutral } from './surfaces.js';

const STEPS = Array.from({ length: 16 }, (_, i) => (i * 17).toString(16).padStart(2, '0'));
const GRID: Hex[] = STEPS.flatMap((r) => STEPS.flatMap((g) => STEPS.map((b): Hex => `#${r}${g}${b}`)));

test.each<Neutral>(['none', 'cool', 'warm', 'brand'])(
  '4,096 colors x 2 modes on %s surfaces: 0 violations',
  (neutral) => {
    let worst = 21;
    const violations: string[] = [];
    for (const primary of GRID) {
      const report = contrastReport(derive(primary, neutral));
      worst = Math.min(worst, report.worstText);
      if (report.violations)
        violations.push(`${primary}: ${JSON.stringify(report.checks.filter((c) => c.ratio < c.required))}`);
    }
    expect(GRID).toHaveLength(4096);
    expect(violations).toEqual([]);
    expect(worst).toBeGreaterThanOrEqual(4.5);
  },
);

test('the fill is the brand color itself unless it vanishes on the surface', () => {
  let kept = 0;
  for (const primary of GRID) {
    const palettes = derive(primary, 'cool');
    for (const p of [palettes.light, palettes.dark]) {
      const visible = contrast(primary, p.surface) >= VANISHING_RATIO;
      expect(p.accent === primary || !visible, primary).toBe(true);
      if (!visible) expect(contrast(p.accent, p.surface), primary).toBeGreaterThanOrEqual(3);
      kept += p.accent === primary ? 1 : 0;
    }
  }
  expect(kept / (GRID.length * 2)).toBeGreaterThan(0.96);
});

test.each([
  ['#fee500', '#111827', 13.87, { light: '#827401', dark: '#fee500' }, ['light', '#a39201']],
  ['#03c75a', '#111827', 7.87, { light: '#14853d', dark: '#03c75a' }, ['light', '#1ba74f']],
  ['#a50034', '#ffffff', 7.93, { light: '#a50034', dark: '#e04b62' }, ['dark', '#bd2846']],
] as const)('fixed points of %s', (primary, label, ratio, link, [lineMode, line]) => {
  const palettes = derive(primary, 'cool');
  expect(palettes.light.accent).toBe(primary);
  expect(palettes.light.onAccent).toBe(label);
  expect(contrast(primary, label)).toBeCloseTo(ratio, 2);
  expect({ light: palettes.light.accentText, dark: palettes.dark.accentText }).toEqual(link);
  expect(palettes[lineMode].accentLine).toBe(line);
});
