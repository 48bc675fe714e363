/** A color as `#rrggbb`, lower case. */
export type Hex = `#${string}`;

/** Linear-light red, green and blue; 0..1 when the color lies inside sRGB. */
export type LinearRgb = readonly [number, number, number];

function linear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function encoded(value: number): number {
  const c = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, c)) * 255);
}

/** Linear light of `#rrggbb`. The text must have been validated. */
export function linearOf(hex: Hex): LinearRgb {
  const n = Number.parseInt(hex.slice(1), 16);
  return [linear((n >> 16) & 255), linear((n >> 8) & 255), linear(n & 255)];
}

/** `#rrggbb` of linear light. */
export function hexOf(rgb: LinearRgb): Hex {
  return `#${rgb.map((c) => encoded(c).toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance of WCAG 2, 0..1. */
export function luminance(hex: Hex): number {
  const [r, g, b] = linearOf(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of WCAG 2, 1..21. */
export function contrast(a: Hex, b: Hex): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
