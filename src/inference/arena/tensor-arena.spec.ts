import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidInferenceError } from '../inference.errors.js';
import type { RowHandle } from '../tensor.js';
import { sweepArenaDirectories } from './arena-directory.js';
import { TensorArena } from './tensor-arena.js';

const SIZE = 4096;

describe('TensorArena', () => {
  let root: string;
  let arena: TensorArena;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'arena-spec-'));
    arena = TensorArena.create(SIZE, [root]);
  });
  afterEach(() => {
    arena.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('never lets two regions share bytes, whatever is allocated and freed', () => {
    const step = fc.record({ free: fc.boolean(), bytes: fc.integer({ min: 0, max: 900 }), pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const live: { handle: RowHandle; fill: number; bytes: number }[] = [];
        for (const [i, { free, bytes, pick }] of steps.entries()) {
          if (free && live.length > 0) {
            const [gone] = live.splice(pick % live.length, 1);
            if (gone) arena.free(gone.handle);
          } else {
            const handle = arena.tryAllocate(bytes);
            if (!handle) continue;
            arena.write(handle, new Uint8Array(bytes).fill(i));
            live.push({ handle, fill: i, bytes });
          }
        }
        for (const { handle, fill, bytes } of live) {
          expect(handle.offset % 64).toBe(0);
          expect(arena.read(handle, bytes).every((byte) => byte === fill)).toBe(true);
        }
        expect(arena.reservedBytes).toBe(live.reduce((sum, { handle }) => sum + handle.bytes, 0));
        for (const { handle } of live) arena.free(handle);
        expect(arena.reservedBytes).toBe(0);
      }),
    );
  });

  it('serves those who wait in the order in which they came, never beyond its size', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: SIZE }), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(sizes, async (wanted) => {
        const served: number[] = [];
        await Promise.all(
          wanted.map(async (bytes, i) => {
            const handle = await arena.allocate(bytes);
            served.push(i);
            expect(arena.reservedBytes).toBeLessThanOrEqual(SIZE);
            await Promise.resolve();
            arena.free(handle);
          }),
        );
        expect(served).toEqual(wanted.map((_, i) => i));
        expect(arena.reservedBytes).toBe(0);
      }),
    );
  });

  it('waits while it is full and goes on with the next free', async () => {
    const all = await arena.allocate(SIZE);
    const waiting = arena.allocate(64);
    expect(arena.waiting).toBe(1);
    expect(arena.tryAllocate(64)).toBeNull();
    arena.free(all);
    expect((await waiting).offset).toBe(0);
  });

  it('lets a waiting caller leave, and then serves the ones behind it', async () => {
    const half = await arena.allocate(SIZE / 2);
    const leaving = new AbortController();
    const big = arena.allocate(SIZE, leaving.signal);
    const small = arena.allocate(64);
    expect(arena.waiting).toBe(2);
    leaving.abort(new Error('canceled'));
    await expect(big).rejects.toThrow('canceled');
    expect((await small).bytes).toBe(64);
    arena.free(half);
  });

  it('reserves several regions at once or none of them', async () => {
    const first = await arena.allocate(SIZE - 128);
    const both = arena.allocateAll([64, 128]);
    expect(arena.reservedBytes).toBe(SIZE - 128);
    arena.free(first);
    expect((await both).map(({ bytes }) => bytes)).toEqual([64, 128]);
  });

  it('ignores a handle that was freed before, even when its bytes have a new owner', async () => {
    const old = await arena.allocate(64);
    arena.free(old);
    const next = await arena.allocate(64);
    expect(next.offset).toBe(old.offset);
    arena.free(old);
    expect(arena.reservedBytes).toBe(64);
  });

  it('refuses what can never fit, and access outside of a region', async () => {
    await expect(arena.allocate(SIZE + 1)).rejects.toThrow(InvalidInferenceError);
    const row = await arena.allocate(64);
    expect(() => arena.write(row, new Uint8Array(65))).toThrow(RangeError);
    expect(() => arena.read(row, 60, 8)).toThrow(RangeError);
  });

  it('rejects those who wait and leaves nothing behind when it closes', async () => {
    await arena.allocate(SIZE);
    const waiting = arena.allocate(64);
    arena.close();
    await expect(waiting).rejects.toThrow('closed');
    expect(fs.readdirSync(root)).toEqual([]);
  });

  it('falls back to the next place when the first has no room, and says so when none has', () => {
    const other = TensorArena.create(SIZE, [path.join(root, 'missing'), root]);
    expect(other.directory.startsWith(root)).toBe(true);
    other.close();
    expect(() => TensorArena.create(2 ** 50, [root])).toThrow(/INFERENCE_ARENA_MIB/);
  });

  it('sweeps what dead processes left, and only that', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const name of [`maru-${dead}-abc`, `maru-${process.ppid}-abc`, 'maru-test-abc'])
      fs.mkdirSync(path.join(root, name));
    expect(sweepArenaDirectories([root])).toBe(1);
    expect(fs.readdirSync(root)).toHaveLength(3);
    expect(fs.existsSync(path.join(root, `maru-${dead}-abc`))).toBe(false);
  });
});
