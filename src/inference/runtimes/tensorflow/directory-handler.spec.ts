import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryHandler } from './directory-handler.js';

describe('directoryHandler', () => {
  let root: string;
  let directory: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'directory-handler-'));
    directory = path.join(root, 'model');
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(root, 'secret.bin'), new Uint8Array(8));
    fs.writeFileSync(path.join(directory, 'weights.bin'), new Uint8Array(8));
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  const weight = (shape: unknown, dtype = 'float32') => ({ name: 'w', shape, dtype });
  function load(paths: unknown[], weights: unknown[], limits = { maxTopologyBytes: 4096, maxWeightsBytes: 64 }) {
    const json = { format: 'graph-model', modelTopology: {}, weightsManifest: [{ paths, weights }] };
    const file = path.join(directory, 'model.json');
    fs.writeFileSync(file, JSON.stringify(json));
    return directoryHandler(file, limits).load?.();
  }

  it('reads the weights that the manifest names', async () => {
    const artifacts = await load(['weights.bin'], [weight([2])]);
    expect(artifacts?.weightSpecs).toHaveLength(1);
    expect(artifacts?.weightData).toHaveProperty('byteLength', 8);
  });

  it('leaves its directory by no way', async () => {
    fs.symlinkSync(path.join(root, 'secret.bin'), path.join(directory, 'link.bin'));
    for (const name of ['../secret.bin', path.join(root, 'secret.bin'), 'link.bin']) {
      await expect(load([name], [weight([2])]), name).rejects.toThrow(/outside of the directory|not accepted/);
    }
    await expect(load([7], [weight([2])])).rejects.toThrow(/not accepted/);
    await expect(load(['a\0b'], [weight([2])])).rejects.toThrow(/not accepted/);
    await expect(load(['missing.bin'], [weight([2])])).rejects.toThrow(/ENOENT/);
  });

  it('refuses what does not add up', async () => {
    await expect(load(['weights.bin'], [weight([3])])).rejects.toThrow(/hold 8 bytes, their manifest needs 12/);
    await expect(load(['weights.bin'], [weight([-2])])).rejects.toThrow(/broken shape/);
    await expect(load(['weights.bin'], [weight('2')])).rejects.toThrow(/broken shape/);
    await expect(load(['weights.bin'], [weight([2 ** 40, 2 ** 40])])).rejects.toThrow(/too large/);
    await expect(load(['weights.bin'], [weight([2], 'string')])).rejects.toThrow(/type string, which is not accepted/);
    await expect(load(['weights.bin'], [weight([2], 'constructor')])).rejects.toThrow(/not accepted/);
  });

  it('refuses files above its limits before it reads them', async () => {
    const small = { maxTopologyBytes: 4096, maxWeightsBytes: 7 };
    await expect(load(['weights.bin'], [weight([2])], small)).rejects.toThrow(/at most 7 are read/);
    const tiny = { maxTopologyBytes: 10, maxWeightsBytes: 64 };
    await expect(load(['weights.bin'], [weight([2])], tiny)).rejects.toThrow(/model\.json has \d+ bytes, at most 10/);
  });

  it('drops a prototype that a model brings along', async () => {
    const file = path.join(directory, 'model.json');
    fs.writeFileSync(file, '{"modelTopology":{"__proto__":{"polluted":true},"a":1},"weightsManifest":[]}');
    const artifacts = await directoryHandler(file).load?.();
    expect(Object.getPrototypeOf(artifacts?.modelTopology)).toBe(Object.prototype);
    expect(artifacts?.modelTopology).toEqual({ a: 1 });
  });
});
