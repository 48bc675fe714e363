import sharp from 'sharp';

/** Encodings that clients send. */
export const KINDS = {
  '640x480 PNG': { width: 640, height: 480, encode: (image) => image.png().toBuffer() },
  '1920x1080 JPEG': { width: 1_920, height: 1_080, encode: (image) => image.jpeg({ quality: 85 }).toBuffer() },
};

/** Drawn textures with a defect each, the same at every run. */
export function pictureFiles(kind, count) {
  const { width, height, encode } = KINDS[kind];
  return Promise.all(
    Array.from({ length: count }, (_, n) =>
      encode(sharp(texture(width, height, n), { raw: { width, height, channels: 1 } })),
    ),
  );
}

function texture(width, height, n) {
  const pixels = Buffer.alloc(width * height);
  let noise = n + 1;
  for (let i = 0; i < pixels.length; i++) {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
    const [x, y] = [i % width, Math.floor(i / width)];
    const isScratch = Math.abs(x - y - n * 20) < 3;
    pixels[i] = isScratch ? 30 : 150 + 20 * Math.sin((x + n) / 60) + (noise >>> 28);
  }
  return pixels;
}
