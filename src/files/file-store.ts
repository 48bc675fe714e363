import type { Readable } from 'node:stream';

/** Where the bytes of files lie, by tenant and file uuid. Adapters: a local directory; object storage later. */
export abstract class FileStore {
  /** Stores the bytes so that they survive a crash once this resolves. */
  abstract put(tenantId: string, fileId: string, content: Buffer): Promise<void>;
  /** Moves a finished temporary file (see `temporaryPath`) into place, with the same promise. */
  abstract adopt(tenantId: string, fileId: string, temporaryPath: string): Promise<void>;
  /** A path for streaming an upload; the caller removes it when the upload fails. */
  abstract temporaryPath(): Promise<string>;
  /** The whole content; null when there is none. */
  abstract read(tenantId: string, fileId: string): Promise<Buffer | null>;
  /** A stream of bytes `start`..`end` (both included); null when there is none. */
  abstract open(tenantId: string, fileId: string, range?: { start: number; end: number }): Promise<Readable | null>;
  abstract remove(tenantId: string, fileId: string): Promise<void>;
}
