import fs from 'node:fs';
import path from 'node:path';
import { InvalidInferenceError } from '../inference.errors.js';
import type { RowHandle } from '../tensor.js';
import { createArenaDirectory, sweepArenaDirectories } from './arena-directory.js';
import { bytesOf, readFully, writeFully } from './file-bytes.js';
import { RegionList } from './region-list.js';

interface Waiter {
  readonly sizes: readonly number[];
  resolve(handles: RowHandle[]): void;
  reject(reason: unknown): void;
}

/**
 * Memory that a worker shares with its engines and decoders: one file in /dev/shm (or the temp directory), handed out as
 * regions. Plain positioned reads and writes, no mapping: a full tmpfs is an error, not a crash.
 * A region has one owner until it is freed; when the arena is full, `allocate` waits. That wait is the back-pressure.
 */
export class TensorArena {
  private readonly waiters: Waiter[] = [];
  private readonly regions: RegionList;
  private readonly fd: number;
  private isClosed = false;
  /** What the file is called; engines open it themselves. */
  readonly file: string;
  private readonly onExit = () => this.close();

  private constructor(
    /** Private to this process; also holds the empty working directories of its children. */
    readonly directory: string,
    readonly sizeBytes: number,
  ) {
    this.file = path.join(directory, 'arena');
    this.fd = fs.openSync(this.file, 'wx+', 0o600);
    fs.ftruncateSync(this.fd, sizeBytes);
    this.regions = new RegionList(sizeBytes);
    process.once('exit', this.onExit);
  }

  /** Sweeps what dead processes left, then makes the arena. Throws when there is no room for it. */
  static create(sizeBytes: number, roots?: readonly string[]): TensorArena {
    sweepArenaDirectories(roots);
    return new TensorArena(createArenaDirectory(sizeBytes, roots), sizeBytes);
  }

  get reservedBytes(): number {
    return this.regions.reservedBytes;
  }

  /** Callers that wait for room. */
  get waiting(): number {
    return this.waiters.length;
  }

  /** Reserves a region, first come first served; waits while the arena is full. Rejects when the signal aborts. */
  async allocate(bytes: number, signal?: AbortSignal): Promise<RowHandle> {
    const [handle] = await this.allocateAll([bytes], signal);
    return handle as RowHandle;
  }

  /** Reserves several regions at once, all or none, so that two callers never wait for what the other one holds. */
  async allocateAll(sizes: readonly number[], signal?: AbortSignal): Promise<RowHandle[]> {
    signal?.throwIfAborted();
    if (this.isClosed) throw new Error('the tensor arena was closed');
    const total = sizes.reduce((sum, bytes) => sum + RegionList.roundUp(bytes), 0);
    if (total > this.sizeBytes) {
      throw new InvalidInferenceError(
        `${total} bytes do not fit the tensor arena of ${this.sizeBytes}; raise INFERENCE_ARENA_MIB.`,
      );
    }
    const taken = this.waiters.length === 0 ? this.regions.takeAll(sizes) : null;
    return taken ?? this.waitFor(sizes, signal);
  }

  /** Reserves a region at once, or returns null: never waits, never overtakes those who do. */
  tryAllocate(bytes: number): RowHandle | null {
    return this.waiters.length === 0 && !this.isClosed ? this.regions.take(bytes) : null;
  }

  /** Ends the ownership of a region. A second call with the same handle does nothing. */
  free(handle: RowHandle): void {
    if (this.regions.release(handle)) this.serveWaiters();
  }

  /** Writes into a region, `at` bytes from its start. Throws a RangeError outside of it. */
  write(handle: RowHandle, data: ArrayBufferView, at = 0): void {
    if (at < 0 || at + data.byteLength > handle.bytes) throw new RangeError('write outside of the region');
    writeFully(this.fd, bytesOf(data), handle.offset + at);
  }

  /** A copy of `bytes` bytes of a region, `at` bytes from its start. */
  read(handle: RowHandle, bytes: number, at = 0): Uint8Array<ArrayBuffer> {
    if (at < 0 || at + bytes > handle.bytes) throw new RangeError('read outside of the region');
    const copy = new Uint8Array(bytes);
    readFully(this.fd, copy, handle.offset + at);
    return copy;
  }

  /** Removes the file and its directory; whoever still waits for room is rejected. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    process.off('exit', this.onExit);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new Error('the tensor arena was closed'));
    fs.closeSync(this.fd);
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  private waitFor(sizes: readonly number[], signal?: AbortSignal): Promise<RowHandle[]> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(signal?.reason);
        this.serveWaiters();
      };
      const waiter: Waiter = {
        sizes,
        reject,
        resolve: (handles) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(handles);
        },
      };
      this.waiters.push(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  private serveWaiters(): void {
    for (let first = this.waiters[0]; first; first = this.waiters[0]) {
      const handles = this.regions.takeAll(first.sizes);
      if (!handles) return;
      this.waiters.shift();
      first.resolve(handles);
    }
  }
}
