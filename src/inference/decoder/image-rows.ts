import sharp, { type Sharp } from 'sharp';
import { type ImageGeometry, imageRowBytes, type ImageRowSpec, type PictureRegion } from '../image-row-spec.js';
import { floatPixels } from './float-pixels.js';

// Runs in the decoder process: erasable TypeScript only.

/** Covers every phone camera of today; a bomb claims far more. */
const MAX_PIXELS = 24e6;
const LIMIT_SECONDS = 5;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** One uint8 row [height, width, channels] and the way back to source pixels. */
export interface ImageRowPixels {
  readonly pixels: Uint8Array;
  readonly geometry: ImageGeometry;
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Turns an encoded picture into a row. Throws what libvips throws. */
export async function imageRow(file: Uint8Array, spec: ImageRowSpec): Promise<ImageRowPixels> {
  if (spec.region) return (await imageRows(file, [spec]))[0] as ImageRowPixels;
  const image = opened(file);
  const { autoOrient } = await image.metadata();
  return rowOf(image, spec, autoOrient);
}

/** Turns a picture, which is decoded once, into several rows: most often of regions. Throws what libvips throws. */
export async function imageRows(file: Uint8Array, specs: readonly ImageRowSpec[]): Promise<ImageRowPixels[]> {
  const [first] = specs;
  if (specs.length === 1 && first && !first.region) return [await imageRow(file, first)];
  const isGrey = specs.every(({ channels }) => channels === 1);
  const { data, info } = await opened(file)
    .flatten({ background: 'white' })
    .toColourspace(isGrey ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const rows: ImageRowPixels[] = [];
  for (const spec of specs) {
    const cut = cutOf(spec.region ?? { x: 0, y: 0, width, height }, info);
    const { pixels, geometry } = await rowOf(sharp(data, { raw: { width, height, channels } }).extract(cut), spec, cut);
    const { left, top } = cut;
    rows.push({ pixels, geometry: { ...geometry, sourceWidth: width, sourceHeight: height, left, top } });
  }
  return rows;
}

function opened(file: Uint8Array): Sharp {
  return sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
    .timeout({ seconds: LIMIT_SECONDS })
    .rotate();
}

/** Whole pixels inside the picture, at least one. */
function cutOf({ x, y, width, height }: PictureRegion, size: PictureSize) {
  const left = Math.min(size.width - 1, Math.max(0, Math.round(x)));
  const top = Math.min(size.height - 1, Math.max(0, Math.round(y)));
  const right = Math.min(size.width, Math.max(left + 1, Math.round(x + width)));
  const bottom = Math.min(size.height, Math.max(top + 1, Math.round(y + height)));
  return { left, top, width: right - left, height: bottom - top };
}

async function rowOf(image: Sharp, spec: ImageRowSpec, size: PictureSize): Promise<ImageRowPixels> {
  const { pixels, geometry } =
    spec.mode === 'line' ? await lineRow(image, spec) : await scaledRow(image, spec, spec.mode, size);
  const row = spec.float ? floatPixels(pixels, spec, spec.float) : pixels;
  if (row.length !== imageRowBytes(spec)) throw new Error('unexpected pixel layout');
  return { pixels: row, geometry };
}

async function scaledRow(
  image: Sharp,
  { width, height, channels }: ImageRowSpec,
  fit: 'fill' | 'cover' | 'contain',
  { width: sourceWidth, height: sourceHeight }: PictureSize,
): Promise<ImageRowPixels> {
  const pixels = await image
    .resize(width, height, { fit, background: 'black', position: fit === 'contain' ? 'left top' : 'center' })
    .removeAlpha()
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
  const stretch = { x: width / sourceWidth, y: height / sourceHeight };
  const scale = fit === 'contain' ? Math.min(stretch.x, stretch.y) : Math.max(stretch.x, stretch.y);
  const { x: scaleX, y: scaleY } = fit === 'fill' ? stretch : { x: scale, y: scale };
  return { pixels, geometry: { sourceWidth, sourceHeight, scaleX, scaleY } };
}

/** Contrast is stretched and the polarity decided on all pixels of the source, as in the training of the digit model. */
async function lineRow(image: Sharp, { width, height, channels }: ImageRowSpec): Promise<ImageRowPixels> {
  if (channels !== 1) throw new Error('a line of text is grey: channels must be 1');
  const { data, info } = await image
    .flatten({ background: 'white' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  stretchContrast(data);
  makeDarkOnLight(data);
  const scale = Math.min(height / info.height, width / info.width);
  const lineWidth = Math.max(1, Math.round(info.width * scale));
  const lineHeight = Math.max(1, Math.round(info.height * scale));
  const pixels = await sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
    .resize(lineWidth, lineHeight, { fit: 'fill' })
    .extend({ right: width - lineWidth, bottom: height - lineHeight, background: 'white' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer();
  const [scaleX, scaleY] = [lineWidth / info.width, lineHeight / info.height];
  return { pixels, geometry: { sourceWidth: info.width, sourceHeight: info.height, scaleX, scaleY } };
}

/**
 * In place: the level below which 1 % of the pixels lie becomes black, that of 99 % white. sharp's own normalise does so
 * in LAB, which costs more than twice as much as the rest of the row.
 */
function stretchContrast(grey: Uint8Array): void {
  const histogram = new Uint32Array(256);
  for (const value of grey) histogram[value] = (histogram[value] ?? 0) + 1;
  const [low, high] = [levelOf(histogram, 0.01 * grey.length), levelOf(histogram, 0.99 * grey.length)];
  const gain = 255 / Math.max(1, high - low);
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => (value - low) * gain);
  for (let i = 0; i < grey.length; i++) grey[i] = table[grey[i] ?? 0] ?? 0;
}

function levelOf(histogram: Uint32Array, pixels: number): number {
  for (let value = 0, seen = 0; value < 256; value++) if ((seen += histogram[value] ?? 0) > pixels) return value;
  return 255;
}

/** In place, because sharp would negate after it extended the canvas and turn the white margin black. */
function makeDarkOnLight(grey: Uint8Array): void {
  let sum = 0;
  for (const value of grey) sum += value;
  if (sum / grey.length >= 128) return;
  for (let i = 0; i < grey.length; i++) grey[i] = 255 - (grey[i] ?? 0);
}

/** What went wrong, in words for the person who sent the picture. */
export function plainReason(error: Error): string {
  if (/pixel limit/i.test(error.message)) {
    return 'The picture has more than 24 megapixels. Make it smaller and send it again.';
  }
  if (/timeout/i.test(error.message)) return `Decoding the picture took longer than ${LIMIT_SECONDS} seconds.`;
  const detail = error.message
    .replace(/\bvips\w*: /gi, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
  return `The picture is damaged or cut off and cannot be decoded (${detail}). Save it again and send it once more.`;
}
