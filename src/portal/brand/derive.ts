import { hexOfOklch, oklchOf } from './oklch.js';
import { contrast, type Hex } from './srgb.js';
import { type Mode, type Neutral, type Surfaces, surfacesOf } from './surfaces.js';

/** Colors of one mode. Every pair that carries meaning meets its ratio by construction; the spec proves it. */
export interface Palette extends Surfaces {
  /** Fill of buttons and marks: the brand color itself unless it would vanish on the surface. */
  readonly accent: Hex;
  /** Label on the fill: at least 4.5:1. */
  readonly onAccent: Hex;
  /** Fill under the pointer; the label keeps its 4.5:1. */
  readonly accentHover: Hex;
  /** Links and brand-colored text: at least 4.5:1 on surface and page. */
  readonly accentText: Hex;
  /** Focus ring, active tab, slider: at least 3:1 on surface and page. */
  readonly accentLine: Hex;
  /** Tinted background of a selected thing; body text and muted text keep 4.5:1 on it. */
  readonly accentSoft: Hex;
}

export const TEXT_RATIO = 4.5;
export const LINE_RATIO = 3;
/** Below this ratio to the surface a fill is not seen any more and moves to LINE_RATIO. */
export const VANISHING_RATIO = 1.25;

const INK: Hex = '#111827';
const WHITE: Hex = '#ffffff';
const BLACK: Hex = '#000000';
/** 2^-14 of the lightness range is far below one step of 8-bit sRGB. */
const SEARCH_STEPS = 14;
const HOVER_SHIFT = 0.05;
const SOFT: Readonly<Record<Mode, number>> = { light: 0.955, dark: 0.27 };
const SOFT_CHROMA = 0.04;

function reaches(color: Hex, grounds: readonly Hex[], ratio: number): boolean {
  return grounds.every((ground) => contrast(color, ground) >= ratio);
}

/** Nearest color of the same hue that reaches the ratio on all grounds: darker in light mode, lighter in dark mode. */
function readable(color: Hex, grounds: readonly Hex[], ratio: number, mode: Mode): Hex {
  if (reaches(color, grounds, ratio)) return color;
  const { l, c, h } = oklchOf(color);
  let [near, far] = [l, mode === 'light' ? 0 : 1];
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const middle = (near + far) / 2;
    if (reaches(hexOfOklch({ l: middle, c, h }), grounds, ratio)) far = middle;
    else near = middle;
  }
  return hexOfOklch({ l: far, c, h });
}

/** White or ink, whichever reads better; pure black where neither reaches 4.5 (black or white always does). */
function labelOn(fill: Hex): Hex {
  const better = contrast(fill, WHITE) >= contrast(fill, INK) ? WHITE : INK;
  if (contrast(fill, better) >= TEXT_RATIO) return better;
  return contrast(fill, WHITE) >= contrast(fill, BLACK) ? WHITE : BLACK;
}

function hoverOf(fill: Hex, label: Hex): Hex {
  const { l, c, h } = oklchOf(fill);
  const shifts = label === WHITE ? [-HOVER_SHIFT, HOVER_SHIFT] : [HOVER_SHIFT, -HOVER_SHIFT];
  const candidates = shifts.map((shift) => hexOfOklch({ l: Math.min(1, Math.max(0, l + shift)), c, h }));
  return candidates.find((color) => color !== fill && contrast(color, label) >= TEXT_RATIO) ?? fill;
}

function derivedMode(primary: Hex, surfaces: Surfaces, mode: Mode): Palette {
  const grounds = [surfaces.surface, surfaces.bg];
  const vanishes = contrast(primary, surfaces.surface) < VANISHING_RATIO;
  const accent = vanishes ? readable(primary, [surfaces.surface], LINE_RATIO, mode) : primary;
  const onAccent = labelOn(accent);
  const { c, h } = oklchOf(primary);
  return {
    ...surfaces,
    accent,
    onAccent,
    accentHover: hoverOf(accent, onAccent),
    accentText: readable(primary, grounds, TEXT_RATIO, mode),
    accentLine: readable(primary, grounds, LINE_RATIO, mode),
    accentSoft: hexOfOklch({ l: SOFT[mode], c: Math.min(c, SOFT_CHROMA), h }),
  };
}

/** Both palettes of one brand color. Pure arithmetic, about 0.1 ms. */
export function derive(primary: Hex, neutral: Neutral): Readonly<Record<Mode, Palette>> {
  const surfaces = surfacesOf(neutral, primary);
  return { light: derivedMode(primary, surfaces.light, 'light'), dark: derivedMode(primary, surfaces.dark, 'dark') };
}
