import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPng, GIF, greyPng, JPEG, SVG } from '../../../test/support/pictures.js';
import { until } from '../../../test/support/signals.js';
import { TensorArena } from '../arena/tensor-arena.js';
import type { ImageRowSpec } from '../image-row-spec.js';
import { DecoderGoneError, UndecodableImageError } from '../inference.errors.js';
import { DecoderPool } from './decoder-pool.js';

const GREY: ImageRowSpec = { mode: 'fill', width: 16, height: 8, channels: 1 };
const isDark = (value: number) => value < 40;
const LINE: ImageRowSpec = { mode: 'line', width: 192, height: 32, channels: 1 };

describe('DecoderPool', () => {
  let arena: TensorArena;
  let pool: DecoderPool;

  beforeAll(async () => {
    arena = TensorArena.create(8 * 2 ** 20);
    pool = new DecoderPool(arena, 2);
    await pool.start();
  });
  afterAll(async () => {
    await pool.close();
    arena.close();
  });

  async function decode(file: Uint8Array, spec: ImageRowSpec) {
    const { row, geometry } = await pool.decode(file, spec);
    const pixels = arena.read(row, spec.width * spec.height * spec.channels);
    arena.free(row);
    return { pixels, geometry, at: (x: number, y: number) => pixels[(y * spec.width + x) * spec.channels] ?? -1 };
  }
  const refusal = (file: Uint8Array) => decode(file, GREY).then(String, (error: Error) => error);

  it('stretches a picture over the row and tells the way back', async () => {
    const png = drawnPng(64, 16, (x) => (x < 32 ? 0 : 255));
    const { geometry, at } = await decode(png, GREY);
    expect(geometry).toEqual({ sourceWidth: 64, sourceHeight: 16, scaleX: 0.25, scaleY: 0.5 });
    expect([at(2, 4), at(13, 4)]).toEqual([0, 255]);
  });

  it('cuts several rows out of a picture that it decodes once', async () => {
    const png = drawnPng(64, 16, (x) => (x < 32 ? 0 : 255));
    const regions = [0, 32].map((x) => ({ x, y: 0, width: 32, height: 16 }));
    const rows = await pool.decodeAll(
      () => Promise.resolve(png),
      regions.map((region) => ({ ...GREY, region })),
    );
    expect(rows.map(({ row, geometry }) => [arena.read(row, 1)[0], geometry.left])).toEqual([
      [0, 0],
      [255, 32],
    ]);
    for (const { row } of rows) arena.free(row);
    expect(await pool.decodeAll(() => Promise.resolve(png), [])).toEqual([]);
    expect(arena.reservedBytes).toBe(0);
  });

  it('gives three channels of a grey picture when asked', async () => {
    const { pixels } = await decode(
      drawnPng(8, 8, () => 77),
      { ...GREY, channels: 3 },
    );
    expect(pixels.length).toBe(16 * 8 * 3);
    expect(new Set(pixels)).toEqual(new Set([77]));
  });

  it('reads JPEG', async () => {
    const { geometry, pixels } = await decode(JPEG, { ...GREY, channels: 3 });
    expect(geometry).toMatchObject({ sourceWidth: 64, sourceHeight: 48 });
    const [red = 0, green = 0, blue = 0] = pixels.slice(-3);
    expect([red > 180, green < 80, blue < 80]).toEqual([true, true, true]);
  });

  it('scales a line to the height, dark on light, left and top aligned on white', async () => {
    const light = drawnPng(96, 64, (x) => (x < 24 ? 220 : 40));
    const { geometry, at } = await decode(light, LINE);
    expect(geometry).toEqual({ sourceWidth: 96, sourceHeight: 64, scaleX: 0.5, scaleY: 0.5 });
    expect([isDark(at(4, 16)), isDark(at(30, 16))]).toEqual([true, false]);
    expect([at(60, 16), at(191, 31)]).toEqual([255, 255]);
  });

  it('scales a line that would be too long to the width instead', async () => {
    const long = drawnPng(1920, 64, (_, y) => (y < 16 ? 0 : 255));
    const { geometry, at } = await decode(long, LINE);
    expect(geometry.scaleX).toBeCloseTo(0.1, 6);
    expect(geometry.scaleY).toBeCloseTo(6 / 64, 6);
    expect([at(100, 0), at(100, 4), at(100, 6)].map(isDark)).toEqual([true, false, false]);
  });

  it.each([
    ['an SVG', SVG, /SVG file\. Send a JPEG, PNG or WebP/],
    ['a GIF', GIF, /GIF file/],
    ['a text that is called a picture', Buffer.from('just words\n'.repeat(40)), /not a picture/],
    ['nothing', Buffer.alloc(0), /empty/],
    ['a truncated JPEG', JPEG.subarray(0, JPEG.length - 60), /damaged or cut off/],
    ['a truncated PNG', drawnPng(64, 64, (x, y) => (x * y) % 256).subarray(0, -60), /damaged or cut off/],
    ['a 900-megapixel bomb', greyPng(30_000, 30_000), /more than 24 megapixels/],
  ])('refuses %s in plain words', async (_, file, words) => {
    const before = arena.reservedBytes;
    const error = await refusal(file);
    expect(error).toBeInstanceOf(UndecodableImageError);
    expect(String(error)).toMatch(words);
    expect(arena.reservedBytes).toBe(before);
  });

  it('takes more pictures than it has processes', async () => {
    const values = Array.from({ length: 24 }, (_, i) => i * 10);
    const rows = await Promise.all(
      values.map((value) =>
        decode(
          drawnPng(8, 8, () => value),
          GREY,
        ),
      ),
    );
    expect(rows.map(({ at }) => at(3, 3))).toEqual(values);
    expect(arena.reservedBytes).toBe(0);
  });

  it('lets a canceled caller leave and keeps nothing for it', async () => {
    const png = drawnPng(8, 8, () => 1);
    const leaving = new AbortController();
    const calls = Array.from({ length: 6 }, () => pool.decode(png, GREY, leaving.signal));
    leaving.abort(new Error('canceled'));
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
    expect(arena.reservedBytes).toBe(0);
  });

  it('fetches a picture when its turn comes, two for each process ahead', async () => {
    for (const pid of pool.pids) process.kill(pid, 'SIGSTOP');
    let fetched = 0;
    const read = () => Promise.resolve((fetched++, drawnPng(8, 8, () => 1)));
    const calls = Array.from({ length: 12 }, () => pool.decodeAll(read, [GREY]));
    await until(() => arena.reservedBytes > 0, { what: 'a picture is with a decoder' });
    expect(fetched).toBe(4);
    for (const pid of pool.pids) process.kill(pid, 'SIGCONT');
    for (const [image] of await Promise.all(calls)) arena.free(image!.row);
    expect([fetched, arena.reservedBytes]).toEqual([12, 0]);
  });

  it('sends a picture again that only waited behind one whose decoder died', async () => {
    const old = pool.pids;
    for (const pid of old) process.kill(pid, 'SIGSTOP');
    const ends = Array.from({ length: 4 }, (_, value) => refusal(drawnPng(8, 8, () => value)));
    await until(() => arena.reservedBytes >= 8 * 64, { what: 'two pictures are with each decoder' });
    for (const pid of old) process.kill(pid, 'SIGKILL');
    const lost = (await Promise.all(ends)).filter((end) => end instanceof DecoderGoneError);
    expect(lost).toHaveLength(2);
    expect(arena.reservedBytes).toBe(0);
  });

  it('replaces decoders that died and says that the input may work again', async () => {
    const old = pool.pids;
    expect(old).toHaveLength(2);
    for (const pid of old) process.kill(pid, 'SIGSTOP');
    const png = drawnPng(8, 8, () => 9);
    const lost = [refusal(png), refusal(png)];
    await until(() => arena.reservedBytes >= 4 * 64, { what: 'both pictures are with a decoder' });
    for (const pid of old) process.kill(pid, 'SIGKILL');
    for (const error of await Promise.all(lost)) {
      expect(error).toBeInstanceOf(DecoderGoneError);
      expect(error).toMatchObject({ retryable: true });
    }
    expect((await decode(png, GREY)).at(1, 1)).toBe(9);
    expect(pool.pids.some((pid) => old.includes(pid))).toBe(false);
    expect(arena.reservedBytes).toBe(0);
  });
});
