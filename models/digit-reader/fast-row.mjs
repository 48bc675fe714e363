const HEIGHT = 32;
const WIDTH = 192;

/** The grey levels below which 1 % and 99 % of the pixels lie. */
function levels(bytes) {
  const histogram = new Uint32Array(256);
  for (const value of bytes) histogram[value]++;
  const at = (share) => {
    let seen = 0;
    for (let value = 0; value < 256; value++) if ((seen += histogram[value]) > share * bytes.length) return value;
    return 255;
  };
  return [at(0.01), at(0.99)];
}

/**
 * The row of a picture that is drawn at row size already: what the decoder's mode `line` does, without encoding and
 * scaling, and therefore fast enough for training.
 */
export function fastRow({ bytes, width, height }) {
  const [low, high] = levels(bytes);
  const stretched = Float32Array.from(bytes, (v) =>
    Math.min(255, Math.max(0, ((v - low) * 255) / Math.max(1, high - low))),
  );
  const dark = stretched.reduce((sum, v) => sum + v, 0) / stretched.length < 128;
  const row = new Float32Array(WIDTH * HEIGHT).fill(255);
  for (let y = 0; y < Math.min(height, HEIGHT); y++) {
    for (let x = 0; x < Math.min(width, WIDTH); x++) {
      const value = stretched[y * width + x];
      row[y * WIDTH + x] = dark ? 255 - value : value;
    }
  }
  return row;
}
