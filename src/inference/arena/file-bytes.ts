import fs from 'node:fs';

// Also loaded by the engine and decoder processes: erasable TypeScript only.

/** Fills `into` from `position` on (bytes). Throws when the file ends before. */
export function readFully(fd: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length;) {
    const count = fs.readSync(fd, into, done, into.length - done, position + done);
    if (count === 0) throw new Error(`the arena ends before byte ${position + into.length}`);
    done += count;
  }
}

/** Writes all of `data` at `position` (bytes). A full tmpfs throws ENOSPC. */
export function writeFully(fd: number, data: Uint8Array, position: number): void {
  for (let done = 0; done < data.length;) {
    done += fs.writeSync(fd, data, done, data.length - done, position + done);
  }
}

/** The bytes behind a typed array, without a copy. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
