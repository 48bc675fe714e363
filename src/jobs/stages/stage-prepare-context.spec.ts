import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredFiles } from '../../files/stored-files.js';
import { TensorArena } from '../../inference/arena/tensor-arena.js';
import type { DecoderPool } from '../../inference/decoder/decoder-pool.js';
import { StagePrepareContext } from './stage-prepare-context.js';

describe('StagePrepareContext', () => {
  let arena: TensorArena;
  beforeEach(() => (arena = TensorArena.create(1 << 16)));
  afterEach(() => arena.close());

  function context(): StagePrepareContext {
    const unused = {} as StoredFiles & DecoderPool;
    return new StagePrepareContext({ holder: 'tenant' }, unused, unused, arena, new AbortController().signal);
  }

  it('gives its rows back', async () => {
    const prepare = context();
    await prepare.floatRow(new Float32Array(16));
    expect(arena.reservedBytes).toBeGreaterThan(0);
    prepare.release();
    expect(arena.reservedBytes).toBe(0);
  });

  it('keeps no row that arrives after the attempt has failed elsewhere', async () => {
    const prepare = context();
    const full = await arena.allocate(1 << 16);
    const late = prepare.floatRow(new Float32Array(16));
    prepare.release();
    arena.free(full);
    await expect(late).rejects.toThrow('has ended');
    expect(arena.reservedBytes).toBe(0);
  });
});
