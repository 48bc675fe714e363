import { LINE_RATIO, type Palette, TEXT_RATIO } from './derive.js';
import { contrast, type Hex } from './srgb.js';
import type { Mode } from './surfaces.js';

/** One pair of colors that carries meaning. */
export interface ContrastCheck {
  readonly mode: Mode;
  readonly pair: string;
  readonly ratio: number;
  readonly required: number;
}

/** Proof stored with a published brand. */
export interface ContrastReport {
  readonly violations: number;
  readonly worstText: number;
  readonly checks: readonly ContrastCheck[];
}

function checksOf(mode: Mode, p: Palette): ContrastCheck[] {
  const check = (pair: string, color: Hex, ground: Hex, required: number): ContrastCheck => {
    return { mode, pair, ratio: contrast(color, ground), required };
  };
  return [
    check('text on surface', p.text, p.surface, TEXT_RATIO),
    check('text on bg', p.text, p.bg, TEXT_RATIO),
    check('muted on surface', p.muted, p.surface, TEXT_RATIO),
    check('muted on bg', p.muted, p.bg, TEXT_RATIO),
    check('onAccent on accent', p.onAccent, p.accent, TEXT_RATIO),
    check('onAccent on accentHover', p.onAccent, p.accentHover, TEXT_RATIO),
    check('accentText on surface', p.accentText, p.surface, TEXT_RATIO),
    check('accentText on bg', p.accentText, p.bg, TEXT_RATIO),
    check('accentLine on surface', p.accentLine, p.surface, LINE_RATIO),
    check('accentLine on bg', p.accentLine, p.bg, LINE_RATIO),
    check('text on accentSoft', p.text, p.accentSoft, TEXT_RATIO),
    check('muted on accentSoft', p.muted, p.accentSoft, TEXT_RATIO),
  ];
}

/** Measures every pair of both modes. A derived palette has no violation; a hand-made one might. */
export function contrastReport(palettes: Readonly<Record<Mode, Palette>>): ContrastReport {
  const checks = [...checksOf('light', palettes.light), ...checksOf('dark', palettes.dark)];
  const text = checks.filter((c) => c.required === TEXT_RATIO).map((c) => c.ratio);
  return {
    violations: checks.filter((c) => c.ratio < c.required).length,
    worstText: Math.min(...text),
    checks: checks.map((c) => ({ ...c, ratio: Math.round(c.ratio * 100) / 100 })),
  };
}
