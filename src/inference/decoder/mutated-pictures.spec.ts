import fs from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mutated } from '../../../test/support/mutations.js';
import { drawnPng, GIF, greyPng, JPEG } from '../../../test/support/pictures.js';
import { seededRandom } from '../../../test/support/seeded-random.js';
import { TensorArena } from '../arena/tensor-arena.js';
import type { ImageRowSpec } from '../image-row-spec.js';
import { UndecodableImageError } from '../inference.errors.js';
import { DecoderPool } from './decoder-pool.js';

/** How many damaged pictures; `npm run fuzz:inputs -- --count N --seed S` asks for more of them. */
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 2_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const SPEC: ImageRowSpec = { mode: 'fill', width: 32, height: 32, channels: 3 };
const DECODERS = 2;
/** A decoder's resident memory at most, bytes: its program, and a few pictures at a time. */
const MOST_RESIDENT_BYTES = 600 * 2 ** 20;

let arena: TensorArena;
let pool: DecoderPool;

beforeAll(async () => {
  arena = TensorArena.create(8 * 2 ** 20);
  pool = new DecoderPool(arena, DECODERS);
  await pool.start();
});
afterAll(async () => {
  await pool.close();
  arena.close();
});

const filesOf = (pid: number) => fs.readdirSync(`/proc/${pid}/fd`).length;
const residentBytesOf = (pid: number) => Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096;

it(`decodes or refuses ${COUNT} damaged pictures with the same decoders`, { timeout: 3_600_000 }, async () => {
  const drawn = sharp(drawnPng(96, 64, (x, y) => (x * y) % 256));
  const originals = [
    await drawn.clone().png({ palette: true }).toBuffer(),
    await drawn.clone().jpeg().toBuffer(),
    await drawn
      .clone()
      .jpeg({ progressive: true })
      .withExif({ IFD0: { Artist: 'nobody' } })
      .toBuffer(),
    await drawn.clone().webp().toBuffer(),
    await drawn.clone().webp({ lossless: true }).toBuffer(),
    drawnPng(64, 16, (x) => x * 4),
    greyPng(30_000, 30_000),
    JPEG,
    GIF,
  ];
  const random = seededRandom(SEED);
  const pids = pool.pids;
  const counts = { decoded: 0, refused: 0 };
  const one = async (i: number): Promise<void> => {
    const file = mutated(originals[i % originals.length]!, random);
    try {
      arena.free((await pool.decode(file, SPEC)).row);
      counts.decoded++;
    } catch (error) {
      expect(error, `seed ${SEED}, picture ${i}`).toBeInstanceOf(UndecodableImageError);
      counts.refused++;
    }
  };
  for (let i = 0; i < 100; i++) await one(i);
  const files = pids.map(filesOf);
  for (let i = 100; i < COUNT; i += DECODERS) await Promise.all(Array.from({ length: DECODERS }, (_, n) => one(i + n)));
  process.stdout.write(`seed ${SEED}: ${JSON.stringify({ pictures: COUNT, ...counts, decoderDeaths: 0 })}\n`);
  expect(pool.pids).toEqual(pids);
  expect(pids.map(filesOf)).toEqual(files);
  for (const pid of pids) expect(residentBytesOf(pid)).toBeLessThan(MOST_RESIDENT_BYTES);
  expect(arena.reservedBytes).toBe(0);
  expect(counts.decoded).toBeGreaterThan(0);
  expect(counts.refused).toBeGreaterThan(COUNT / 10);
});
