import { useEffect, useRef } from 'react';
import type { Heatmap } from './result-data.js';

/** Below this a cell is left clear, so that the picture stays readable. */
const CLEAR = 0.15;

/** From transparent over amber to dark red, by score. */
function paint(pixels: Uint8ClampedArray, heatmap: Heatmap): void {
  heatmap.data.forEach((score, cell) => {
    const strength = Math.max(0, (score - CLEAR) / (1 - CLEAR));
    pixels.set(
      [255 - 60 * strength, 190 * (1 - strength), 40 * (1 - strength), 200 * Math.min(1, strength * 1.4)],
      cell * 4,
    );
  });
}

/** A grid of scores over a picture; the browser smooths it. */
export function HeatLayer({ heatmap }: { readonly heatmap: Heatmap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(heatmap.width, heatmap.height);
    paint(image.data, heatmap);
    context.putImageData(image, 0, 0);
  }, [heatmap]);
  return (
    <canvas
      ref={canvas}
      width={heatmap.width}
      height={heatmap.height}
      aria-hidden
      className="pointer-events-none absolute inset-0 size-full"
    />
  );
}
