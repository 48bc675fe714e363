import { type Hex, hexOf, type LinearRgb, linearOf } from './srgb.js';

/** Lightness 0..1, chroma 0..about 0.37, hue in radians (Björn Ottosson, "A perceptual color space", 2020). */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

/** The color in OKLCH. */
export function oklchOf(hex: Hex): Oklch {
  const [r, g, b] = linearOf(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return { l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, c: Math.hypot(x, y), h: Math.atan2(y, x) };
}

function linearRgb({ l, c, h }: Oklch): LinearRgb {
  const [a, b] = [c * Math.cos(h), c * Math.sin(h)];
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** Rounding noise of the two matrices; far below one step of 8-bit sRGB. */
const GAMUT_TOLERANCE = 1e-4;

function inGamut(rgb: LinearRgb): boolean {
  return rgb.every((channel) => channel >= -GAMUT_TOLERANCE && channel <= 1 + GAMUT_TOLERANCE);
}

/** The nearest sRGB color of the same lightness and hue: chroma shrinks until it fits, no channel is clipped. */
export function hexOfOklch(color: Oklch): Hex {
  let fitted = color;
  while (!inGamut(linearRgb(fitted)) && fitted.c > 1e-4) fitted = { ...fitted, c: fitted.c * 0.92 };
  return hexOf(linearRgb(fitted.c > 1e-4 ? fitted : { ...fitted, c: 0 }));
}
