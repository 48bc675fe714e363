import type { RowHandle } from '../tensor.js';

/** Cache line; also the alignment of the widest vector loads. */
const ALIGNMENT_BYTES = 64;

/** Which parts of a range of bytes are reserved. First fit; a region stays reserved until it is freed. */
export class RegionList {
  /** Sorted by offset. */
  private readonly used: RowHandle[] = [];
  private reserved = 0;

  constructor(readonly sizeBytes: number) {}

  get reservedBytes(): number {
    return this.reserved;
  }

  /** Bytes that a region of this size takes: the next multiple of 64. */
  static roundUp(bytes: number): number {
    return Math.ceil(Math.max(bytes, 1) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }

  /** Reserves a region, or returns null when no gap is large enough. */
  take(bytes: number): RowHandle | null {
    const need = RegionList.roundUp(bytes);
    let offset = 0;
    let index = 0;
    for (const region of this.used) {
      if (region.offset - offset >= need) break;
      offset = region.offset + region.bytes;
      index++;
    }
    if (offset + need > this.sizeBytes) return null;
    const handle = Object.freeze({ offset, bytes: need });
    this.used.splice(index, 0, handle);
    this.reserved += need;
    return handle;
  }

  /** Reserves all or none. */
  takeAll(sizes: readonly number[]): RowHandle[] | null {
    const taken: RowHandle[] = [];
    for (const bytes of sizes) {
      const handle = this.take(bytes);
      if (!handle) {
        for (const other of taken) this.release(other);
        return null;
      }
      taken.push(handle);
    }
    return taken;
  }

  /** Frees a region by identity: a handle that was freed before changes nothing, even if its bytes have a new owner. */
  release(handle: RowHandle): boolean {
    const index = this.used.indexOf(handle);
    if (index < 0) return false;
    this.used.splice(index, 1);
    this.reserved -= handle.bytes;
    return true;
  }
}
