import type { Palette } from './derive.js';
import type { Mode } from './surfaces.js';
import type { BrandTheme } from './tenant-brand.js';

const SANS =
  'ui-sans-serif,system-ui,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",sans-serif';

/** Stacks name fonts of the visitor's machine; no font file is fetched from anywhere. */
const FONT: Readonly<Record<BrandTheme['font'], string>> = {
  system: SANS,
  pretendard: `Pretendard,${SANS}`,
  noto_sans_kr: `"Noto Sans KR","Noto Sans CJK KR",${SANS}`,
  ibm_plex_sans_kr: `"IBM Plex Sans KR",${SANS}`,
  inter: `Inter,${SANS}`,
};
const RADIUS: Readonly<Record<BrandTheme['radius'], string>> = {
  none: '0px',
  sm: '4px',
  md: '8px',
  lg: '14px',
  full: '22px',
};
/** Height of a control and of a table row. */
const ROW: Readonly<Record<BrandTheme['density'], string>> = { compact: '36px', comfortable: '44px' };

const COLORS = {
  bg: 'bg',
  surface: 'surface',
  text: 'text',
  muted: 'muted',
  line: 'line',
  accent: 'accent',
  'on-accent': 'onAccent',
  'accent-hover': 'accentHover',
  'accent-text': 'accentText',
  'accent-line': 'accentLine',
  'accent-soft': 'accentSoft',
} as const satisfies Record<string, keyof Palette>;

/** The whole set of custom properties that a brand sets: eleven colors, and three of form. */
export const BRAND_PROPERTIES: readonly string[] = [...Object.keys(COLORS), 'radius', 'font', 'row'].map(
  (n) => `--${n}`,
);

/** What a value may look like; anything else would mean a fault in this folder, so nothing is written. */
const VALUE = /^(?:#[0-9a-f]{6}|\d{1,2}px|[A-Za-z0-9 ,"-]{1,200}|light|dark)$/;

function declaration(name: string, value: string): string {
  if (!VALUE.test(value)) throw new Error(`refusing to write ${name} with an unexpected value`);
  return `${name}:${value}`;
}

function colorsOf(palette: Palette, mode: Mode): string {
  const colors = Object.entries(COLORS).map(([name, key]) => declaration(`--${name}`, palette[key]));
  return [declaration('color-scheme', mode), ...colors].join(';');
}

/**
 * The style sheet of one brand, about 900 bytes. `:root` carries the brand's own mode; `auto` follows the visitor's
 * system; `data-mode` on the root element (the visitor's choice) wins over both.
 */
export function toCss(palettes: Readonly<Record<Mode, Palette>>, theme: BrandTheme): string {
  const light = colorsOf(palettes.light, 'light');
  const dark = colorsOf(palettes.dark, 'dark');
  const form = [
    declaration('--radius', RADIUS[theme.radius]),
    declaration('--font', FONT[theme.font]),
    declaration('--row', ROW[theme.density]),
  ].join(';');
  const system =
    theme.mode === 'auto' ? `@media(prefers-color-scheme:dark){:root:not([data-mode=light]){${dark}}}` : '';
  const own = theme.mode === 'dark' ? dark : light;
  const other = theme.mode === 'dark' ? `:root[data-mode=light]{${light}}` : `:root[data-mode=dark]{${dark}}`;
  return `:root{${own};${form}}${system}${other}\n`;
}
