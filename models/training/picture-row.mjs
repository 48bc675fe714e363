import sharp from 'sharp';
import { imageRow } from '../../src/inference/decoder/image-rows.ts';

/** Raw grey pixels as a PNG file. */
export function toPng({ bytes, width, height }) {
  return sharp(bytes, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/**
 * The row that the product's decoder makes of a drawn picture, by way of a PNG file.
 * @param {{mode: 'fill' | 'line', width: number, height: number}} spec
 */
export async function pictureRow(picture, spec) {
  const { pixels } = await imageRow(await toPng(picture), { ...spec, channels: 1 });
  return new Uint8Array(pixels);
}
