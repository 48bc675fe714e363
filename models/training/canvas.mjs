/** A grey picture of floats (0 black, 255 white) in row coordinates: `size` units across, any number of pixels. */
export function canvas(width, height, unitsX, unitsY) {
  return {
    width,
    height,
    unitsX,
    unitsY,
    stepX: unitsX / width,
    stepY: unitsY / height,
    data: new Float32Array(width * height),
  };
}

/** Sets every pixel to `shade(x, y)`, x and y in units. */
export function fill(target, shade) {
  for (let py = 0, at = 0; py < target.height; py++) {
    const y = (py + 0.5) * target.stepY;
    for (let px = 0; px < target.width; px++, at++) target.data[at] = shade((px + 0.5) * target.stepX, y);
  }
}

/** Calls `visit(index, x, y)` for the pixels inside bounds given in units. */
export function eachPixel(target, bounds, visit) {
  const left = Math.max(0, Math.floor(bounds.left / target.stepX));
  const right = Math.min(target.width - 1, Math.ceil(bounds.right / target.stepX));
  const top = Math.max(0, Math.floor(bounds.top / target.stepY));
  const bottom = Math.min(target.height - 1, Math.ceil(bounds.bottom / target.stepY));
  for (let py = top; py <= bottom; py++) {
    for (let px = left; px <= right; px++) {
      visit(py * target.width + px, (px + 0.5) * target.stepX, (py + 0.5) * target.stepY);
    }
  }
}

/** Adds noise of standard deviation `sigma` to every pixel. */
export function addGrain(target, random, sigma) {
  for (let i = 0; i < target.data.length; i++) target.data[i] += random.grain() * sigma;
}

/** The picture as bytes, rounded and clipped. */
export function toBytes(target) {
  const bytes = new Uint8Array(target.data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, Math.max(0, Math.round(target.data[i])));
  return bytes;
}
