/** Squared distance from a point to the segment a-b. */
function segmentDistance2(x, y, a, b) {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  const t = length2 ? Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length2)) : 0;
  const ex = x - a.x - t * dx;
  const ey = y - a.y - t * dy;
  return ex * ex + ey * ey;
}

/** The line through `points` as a shape: `distance` is signed, negative inside the stroke of this width. */
export function stroke(points, width) {
  const half = width / 2;
  return {
    bounds: boundsOf(points, half + 2),
    distance: (x, y) => {
      let best = Infinity;
      for (let i = 1; i < points.length; i++) best = Math.min(best, segmentDistance2(x, y, points[i - 1], points[i]));
      return Math.sqrt(best) - half;
    },
  };
}

/** A closed blob: `radius(angle)` around a centre; `distance` is measured along the ray from the centre. */
export function blob(center, radius, largest) {
  return {
    bounds: boundsOf([center], largest + 3),
    distance: (x, y) => {
      const dx = x - center.x;
      const dy = y - center.y;
      return Math.sqrt(dx * dx + dy * dy) - radius(Math.atan2(dy, dx));
    },
  };
}

/** How much of a pixel of this footprint the shape covers, with an edge `softness` units wide. */
export function coverage(distance, softness) {
  return Math.min(1, Math.max(0, 0.5 - distance / softness));
}

function boundsOf(points, margin) {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return {
    left: Math.min(...xs) - margin,
    right: Math.max(...xs) + margin,
    top: Math.min(...ys) - margin,
    bottom: Math.max(...ys) + margin,
  };
}
