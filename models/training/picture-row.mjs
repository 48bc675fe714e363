import { registerHooks } from 'node:module';
import sharp from 'sharp';

// Sources name each other as built files; Node strips their types, the names are ours to resolve.
registerHooks({
  resolve: (name, context, next) =>
    next(context.parentURL?.endsWith('.ts') && name.startsWith('.') ? name.replace(/\.js$/, '.ts') : name, context),
});
const { imageRow, imageRows } = await import('../../src/inference/decoder/image-rows.ts');

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

/** The rows that the product's decoder makes of one PNG file, one for each spec. */
export async function pictureRows(png, specs) {
  return (await imageRows(png, specs)).map(({ pixels }) => new Uint8Array(pixels));
}
