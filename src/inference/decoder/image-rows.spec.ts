import { describe, expect, it } from 'vitest';
import { drawnPng } from '../../../test/support/pictures.js';
import { floatPixels } from './float-pixels.js';
import { imageRow, imageRows } from './image-rows.js';

/** 40 x 20: left half black, right half white. */
const HALVES = drawnPng(40, 20, (x) => (x < 20 ? 0 : 255));

describe('imageRow', () => {
  it('stretches, covers or contains', async () => {
    const row = async (mode: 'fill' | 'cover' | 'contain') =>
      imageRow(HALVES, { mode, width: 10, height: 10, channels: 1 });
    const fill = await row('fill');
    expect(fill.geometry).toEqual({ sourceWidth: 40, sourceHeight: 20, scaleX: 0.25, scaleY: 0.5 });
    const cover = await row('cover');
    expect(cover.geometry).toMatchObject({ scaleX: 0.5, scaleY: 0.5 });
    expect([cover.pixels[1], cover.pixels[8]]).toEqual([0, 255]);
    const contain = await row('contain');
    expect(contain.geometry).toMatchObject({ scaleX: 0.25, scaleY: 0.25 });
    expect([contain.pixels[8], contain.pixels[4 * 10 + 8], contain.pixels[5 * 10 + 8]]).toEqual([255, 255, 0]);
  });

  it('makes float rows in both layouts', async () => {
    const size = { mode: 'fill', width: 4, height: 2, channels: 3 } as const;
    const bytes = (await imageRow(HALVES, size)).pixels;
    const float = { scale: 1 / 255, mean: [0.5, 0.25, 0], std: [0.5] };
    for (const layout of ['NHWC', 'NCHW'] as const) {
      const { pixels } = await imageRow(HALVES, { ...size, float: { ...float, layout } });
      const values = new Float32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength / 4);
      for (let at = 0; at < 8; at++) {
        for (let channel = 0; channel < 3; channel++) {
          const expected = ((bytes[at * 3 + channel] ?? 0) / 255 - (float.mean[channel] ?? 0)) / 0.5;
          expect(values[layout === 'NHWC' ? at * 3 + channel : channel * 8 + at]).toBeCloseTo(expected, 5);
        }
      }
    }
  });

  it('normalizes one channel with one number', () => {
    const spec = { mode: 'fill', width: 2, height: 1, channels: 1 } as const;
    const row = floatPixels(Uint8Array.of(0, 10), spec, { layout: 'NHWC', scale: 2, mean: [4], std: [8] });
    expect(Array.from(new Float32Array(row.buffer))).toEqual([-0.5, 2]);
  });
});

describe('imageRows', () => {
  const GREY = { mode: 'fill', width: 4, height: 2, channels: 1 } as const;

  it('cuts regions out of one picture, in the order of the specs', async () => {
    const region = { x: 16, y: 5, width: 8, height: 10 };
    const [left, middle] = await imageRows(HALVES, [
      { ...GREY, region: { x: 0, y: 0, width: 20, height: 20 } },
      { ...GREY, region },
    ]);
    expect(new Set(left?.pixels)).toEqual(new Set([0]));
    expect([...(middle?.pixels ?? [])].map((value) => value > 127)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(middle?.geometry).toEqual({ sourceWidth: 40, sourceHeight: 20, scaleX: 0.5, scaleY: 0.2, left: 16, top: 5 });
    expect((await imageRow(HALVES, { ...GREY, region })).pixels).toEqual(middle?.pixels);
  });

  it('keeps a region inside the picture, and gives at least a pixel of it', async () => {
    const of = async (x: number, y: number, width: number, height: number) =>
      (await imageRow(HALVES, { ...GREY, region: { x, y, width, height } })).geometry;
    expect(await of(-5, 15, 10, 100)).toMatchObject({ left: 0, top: 15, scaleX: 4 / 5, scaleY: 2 / 5 });
    expect(await of(90, -9, 5, 2)).toMatchObject({ left: 39, top: 0, scaleX: 4, scaleY: 2 });
  });

  it('cuts colors and lines too', async () => {
    const region = { x: 10, y: 0, width: 20, height: 10 };
    const [color, line] = await imageRows(HALVES, [
      { mode: 'fill', width: 2, height: 1, channels: 3, region },
      { mode: 'line', width: 40, height: 10, channels: 1, region: { ...region, x: 14 } },
    ]);
    const [dark, light] = [0, 3].map((at) => [...(color?.pixels ?? [])].slice(at, at + 3));
    expect([dark?.every((value) => value < 30), light?.every((value) => value > 225)]).toEqual([true, true]);
    expect([line?.pixels[0], line?.pixels[19], line?.pixels[39]]).toEqual([0, 255, 255]);
    expect(line?.geometry).toMatchObject({ scaleX: 1, scaleY: 1, left: 14, top: 0 });
  });
});
