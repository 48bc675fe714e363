import os from 'node:os';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LimitsConfig, StorageConfig } from '../config/config.js';
import { DiskGuard } from './disk-guard.js';
import { DiskFullError } from './files.errors.js';

const storageAt = (dataDir: string) => ({ dataDir }) as StorageConfig;
const keep = (minFreeDiskBytes: number) => ({ minFreeDiskBytes }) as LimitsConfig;

class HandDisk extends DiskGuard {
  free = 1_000;
  measured = 0;
  protected override readFreeBytes(): Promise<number> {
    this.measured++;
    return Promise.resolve(this.free);
  }
}

describe('DiskGuard', () => {
  it('refuses what would leave less than must stay free, and says when to come back', async () => {
    const guard = new HandDisk(storageAt('/'), keep(400));
    await guard.reserve(600);
    const refused = await guard.reserve(1).catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(DiskFullError);
    expect(refused).toMatchObject({ code: 'temporary-reduced-capacity', retryable: true, retryAfterSeconds: 30 });
    expect(() => guard.take(1)).toThrow(DiskFullError);
    guard.take(0);
  });

  it('measures once for many callers', async () => {
    const guard = new HandDisk(storageAt('/'), keep(400));
    await Promise.all(Array.from({ length: 100 }, () => guard.reserve(1)));
    expect(guard.measured).toBe(1);
  });

  it('refuses nothing with a limit of 0, nor when the space cannot be told', async () => {
    const off = new HandDisk(storageAt('/'), keep(0));
    off.free = 0;
    await off.reserve(10);
    await new DiskGuard(storageAt('/nowhere/at/all'), keep(2 ** 60)).reserve(10);
  });

  it('reads the real file system', async () => {
    const { bavail, bsize } = fs.statfsSync(os.tmpdir());
    await new DiskGuard(storageAt(os.tmpdir()), keep((bavail * bsize) / 2)).reserve(0);
    const full = new DiskGuard(storageAt(os.tmpdir()), keep(bavail * bsize * 2));
    await expect(full.reserve(0)).rejects.toBeInstanceOf(DiskFullError);
  });
});
