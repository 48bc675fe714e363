import { Injectable, Logger } from '@nestjs/common';
import fs from 'node:fs/promises';
import { Clock, SystemClock } from '../common/clock.js';
import { LimitsConfig, StorageConfig } from '../config/config.js';
import { DiskFullError } from './files.errors.js';

/** A measurement counts for a second; what is stored meanwhile is subtracted. */
const FRESH_MS = 1_000;
/** An older one says nothing any more: then the caller waits for the next. */
const STALE_MS = 5_000;

/** Refuses to store anything while the data directory has less free space than it must keep. */
@Injectable()
export class DiskGuard {
  private readonly log = new Logger(DiskGuard.name);
  private readonly clock: Clock = new SystemClock();
  private freeBytes = Infinity;
  private storedSinceBytes = 0;
  private measuredAtMs = -Infinity;
  private measuring: Promise<void> | null = null;
  private failed = false;

  constructor(
    private readonly storage: StorageConfig,
    private readonly limits: LimitsConfig,
  ) {}

  /** Makes sure that `bytes` more may be stored, and counts them. Throws DiskFullError. */
  async reserve(bytes: number): Promise<void> {
    const ageMs = this.clock.monotonic() - this.measuredAtMs;
    if (ageMs >= STALE_MS) await this.measure();
    this.take(bytes);
  }

  /** The same for a stream that is being stored, chunk by chunk: never waits. Throws DiskFullError. */
  take(bytes: number): void {
    if (this.clock.monotonic() - this.measuredAtMs >= FRESH_MS) void this.measure();
    const { minFreeDiskBytes } = this.limits;
    if (minFreeDiskBytes > 0 && this.freeBytes - this.storedSinceBytes - bytes < minFreeDiskBytes) {
      throw new DiskFullError();
    }
    this.storedSinceBytes += bytes;
  }

  /** Free bytes of the data directory for this user. */
  protected async readFreeBytes(): Promise<number> {
    const { bavail, bsize } = await fs.statfs(this.storage.dataDir);
    return bavail * bsize;
  }

  private measure(): Promise<void> {
    this.measuring ??= this.remeasure().finally(() => (this.measuring = null));
    return this.measuring;
  }

  private async remeasure(): Promise<void> {
    const storedBefore = this.storedSinceBytes;
    try {
      this.freeBytes = await this.readFreeBytes();
      this.storedSinceBytes -= storedBefore;
      this.failed = false;
    } catch (error) {
      if (!this.failed) this.log.warn(`Free space is unknown, so nothing is refused: ${(error as Error).message}`);
      this.failed = true;
      this.freeBytes = Infinity;
    }
    this.measuredAtMs = this.clock.monotonic();
  }
}
