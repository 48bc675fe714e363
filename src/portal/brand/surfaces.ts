import { hexOfOklch, oklchOf } from './oklch.js';
import type { Hex } from './srgb.js';

export type Mode = 'light' | 'dark';
export type Neutral = 'none' | 'cool' | 'warm' | 'brand';

/** What everything else of one mode stands on. */
export interface Surfaces {
  readonly bg: Hex;
  readonly surface: Hex;
  readonly text: Hex;
  /** Secondary text: at least 4.5:1 on both surfaces. */
  readonly muted: Hex;
  /** Borders between things; decoration, no contrast rule. */
  readonly line: Hex;
}

const FIXED: Readonly<Record<Exclude<Neutral, 'brand'>, Readonly<Record<Mode, Surfaces>>>> = {
  none: {
    light: { bg: '#fafafa', surface: '#ffffff', text: '#171717', muted: '#5f5f5f', line: '#e5e5e5' },
    dark: { bg: '#0d0d0d', surface: '#171717', text: '#f5f5f5', muted: '#a3a3a3', line: '#2e2e2e' },
  },
  cool: {
    light: { bg: '#f8fafc', surface: '#ffffff', text: '#111827', muted: '#566074', line: '#e2e8f0' },
    dark: { bg: '#0b1220', surface: '#111827', text: '#f3f4f6', muted: '#9aa5b8', line: '#263143' },
  },
  warm: {
    light: { bg: '#fbf9f6', surface: '#ffffff', text: '#1f1a16', muted: '#6a5f54', line: '#ece5dc' },
    dark: { bg: '#14100d', surface: '#1c1815', text: '#f6f3f0', muted: '#b0a599', line: '#352d27' },
  },
};

/** A tint of the brand's hue: lightness as in the fixed sets, chroma too small to be seen as a color of its own. */
function tinted(primary: Hex): Readonly<Record<Mode, Surfaces>> {
  const brand = oklchOf(primary);
  const tint = (l: number, chroma: number) => hexOfOklch({ l, c: Math.min(brand.c, chroma), h: brand.h });
  return {
    light: {
      bg: tint(0.984, 0.006),
      surface: '#ffffff',
      text: tint(0.21, 0.02),
      muted: tint(0.47, 0.022),
      line: tint(0.92, 0.012),
    },
    dark: {
      bg: tint(0.17, 0.012),
      surface: tint(0.21, 0.014),
      text: tint(0.965, 0.004),
      muted: tint(0.72, 0.018),
      line: tint(0.32, 0.016),
    },
  };
}

/** Surfaces of a neutral set; `brand` tints them with the hue of `primary`. */
export function surfacesOf(neutral: Neutral, primary: Hex): Readonly<Record<Mode, Surfaces>> {
  return neutral === 'brand' ? tinted(primary) : FIXED[neutral];
}
