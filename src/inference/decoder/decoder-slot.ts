import fs from 'node:fs';
import path from 'node:path';
import type { TensorArena } from '../arena/tensor-arena.js';
import { IsolatedProcess } from '../engine/isolated-process.js';
import { ProcessEndedError, RequestRefusedError } from '../engine/isolated-process.errors.js';
import { ProcessSlot } from '../engine/process-slot.js';
import type { ImageGeometry } from '../image-row-spec.js';
import { DecoderGoneError, UndecodableImageError } from '../inference.errors.js';
import type { DecoderOperations } from './decoder-operations.js';

type Request = DecoderOperations['decode']['request'];

/** The decoder gives up by itself after 5 s; one that does not is killed. */
const DECODE_LIMIT_MS = 6_000;
// Measured: 1 GB of address space is too little for Node with libvips, 1.5 GB is enough; a 24-megapixel picture adds 100 MB.
const ADDRESS_SPACE_BYTES = 3_500_000_000;
/** How often a picture that only waited behind a fatal one is sent again before it is given up. */
const MAX_SENDS = 5;

/** One decoder process, replaced whenever it ends. It works off its pictures one by one, in order. */
export class DecoderSlot {
  private readonly slot: ProcessSlot<DecoderOperations>;
  private waiting = 0;

  constructor(private readonly arena: TensorArena) {
    this.slot = new ProcessSlot('maru decoder', () => this.begin());
  }

  /** Process id of the decoder; null while it is being replaced. */
  get pid(): number | null {
    return this.slot.pid;
  }

  /** Pictures at this decoder, the one in work included. */
  get load(): number {
    return this.waiting;
  }

  /** Resolves when the decoder can work; starts it where it has not been. */
  async start(): Promise<void> {
    await this.slot.ready();
  }

  /** Throws UndecodableImageError (final) or DecoderGoneError (may work again). */
  async decode(request: Request): Promise<readonly ImageGeometry[]> {
    this.waiting++;
    try {
      return await this.send(request);
    } finally {
      this.waiting--;
    }
  }

  stop(): Promise<void> {
    return this.slot.stop();
  }

  private async send(request: Request): Promise<readonly ImageGeometry[]> {
    for (let sends = 1; ; sends++) {
      const decoder = await this.slot.ready().catch((error: Error) => {
        throw new DecoderGoneError(error.message);
      });
      try {
        return await decoder.ask('decode', request, DECODE_LIMIT_MS);
      } catch (error) {
        if (error instanceof RequestRefusedError) throw new UndecodableImageError(error.message);
        if (!(error instanceof ProcessEndedError)) throw error;
        if (error.head || error.reason === 'stopped' || sends === MAX_SENDS) throw new DecoderGoneError(error.message);
      }
    }
  }

  private begin(): Promise<IsolatedProcess<DecoderOperations>> {
    return IsolatedProcess.start<DecoderOperations>({
      title: 'maru decoder',
      entry: new URL('./decoder-child.js', import.meta.url),
      workingDirectory: fs.mkdtempSync(path.join(this.arena.directory, 'decoder-')),
      environment: { MARU_ARENA: this.arena.file },
      addressSpaceBytes: ADDRESS_SPACE_BYTES,
      isBackground: true,
    });
  }
}
