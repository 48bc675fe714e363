const RADIANS = Math.PI / 180;

/** Points on an ellipse from one angle to another in degrees: 0 is right, 90 is down. */
function arc(cx, cy, rx, ry, from, to, points = 12) {
  return Array.from({ length: points + 1 }, (_, k) => {
    const angle = (from + ((to - from) * k) / points) * RADIANS;
    return { x: cx + rx * Math.cos(angle), y: cy + ry * Math.sin(angle) };
  });
}

const line = (...numbers) => numbers.flatMap((_, k) => (k % 2 ? [] : [{ x: numbers[k], y: numbers[k + 1] }]));

const SIX = [
  [...arc(0.9, 0.64, 0.82, 0.64, 275, 180, 8), ...arc(0.5, 0.68, 0.42, 0.32, 180, -180, 16)],
  [...line(0.75, 0, 0.3, 0.4), ...arc(0.5, 0.68, 0.42, 0.32, 205, -155, 16)],
];
const turned = (strokes) => strokes.map((points) => points.map(({ x, y }) => ({ x: 1 - x, y: 1 - y })));

/** Stroke skeletons in a unit box, y down. Each digit has several shapes, each shape several strokes. */
export const GLYPHS = [
  [[arc(0.5, 0.5, 0.43, 0.5, -90, 270, 20)], [arc(0.5, 0.5, 0.36, 0.5, -70, 290, 20)]],
  [
    [line(0.5, 0, 0.5, 1)],
    [line(0.22, 0.24, 0.55, 0, 0.55, 1)],
    [line(0.22, 0.22, 0.5, 0, 0.5, 1), line(0.18, 1, 0.82, 1)],
  ],
  [
    [[...arc(0.5, 0.3, 0.42, 0.3, 190, 385), ...line(0.06, 1, 0.95, 1)]],
    [[...arc(0.48, 0.28, 0.4, 0.28, 200, 400), ...line(0.3, 0.75, 0.05, 0.98, 0.5, 0.95, 0.96, 1)]],
  ],
  [
    [[...arc(0.46, 0.26, 0.4, 0.26, 200, 440), ...arc(0.46, 0.74, 0.44, 0.26, 280, 520)]],
    [[...line(0.1, 0, 0.88, 0, 0.45, 0.4), ...arc(0.46, 0.7, 0.44, 0.3, 275, 520)]],
  ],
  [
    [line(0.72, 1, 0.72, 0, 0.05, 0.68, 0.97, 0.68)],
    [line(0.25, 0, 0.08, 0.58, 0.95, 0.58), line(0.7, 0.2, 0.7, 1)],
    [line(0.66, 0, 0.05, 0.65, 0.95, 0.65), line(0.7, 0.35, 0.7, 1)],
  ],
  [
    [[...line(0.9, 0, 0.2, 0, 0.14, 0.46), ...arc(0.46, 0.68, 0.44, 0.32, 220, 515)]],
    [[...line(0.2, 0.02, 0.12, 0.44), ...arc(0.44, 0.69, 0.46, 0.31, 235, 500)], line(0.2, 0.02, 0.9, 0)],
  ],
  SIX.map((shape) => [shape]),
  [
    [line(0.05, 0, 0.95, 0, 0.4, 1)],
    [line(0.05, 0, 0.95, 0, 0.45, 1), line(0.3, 0.5, 0.85, 0.5)],
    [line(0.06, 0.2, 0.06, 0, 0.93, 0, 0.55, 0.45, 0.42, 1)],
  ],
  [
    [arc(0.5, 0.25, 0.35, 0.25, 90, 450, 16), arc(0.5, 0.75, 0.43, 0.25, -90, 270, 16)],
    [arc(0.5, 0.26, 0.4, 0.26, 90, 450, 16), arc(0.5, 0.76, 0.4, 0.24, -90, 270, 16)],
  ],
  [...SIX.map((shape) => turned([shape])), [arc(0.48, 0.3, 0.42, 0.3, 0, 360, 16), line(0.9, 0.3, 0.86, 1)]],
];
