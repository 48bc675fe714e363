import fs from 'node:fs';
import path from 'node:path';
import { FairTurns, type Turn } from '../../common/fair-turns.js';
import type { TensorArena } from '../arena/tensor-arena.js';
import { IsolatedProcess } from '../engine/isolated-process.js';
import { ProcessEndedError, RequestRefusedError } from '../engine/isolated-process.errors.js';
import { ProcessSlot } from '../engine/process-slot.js';
import { type ImageGeometry, imageRowBytes, type ImageRowSpec } from '../image-row-spec.js';
import { DecoderGoneError, UndecodableImageError } from '../inference.errors.js';
import type { RowHandle } from '../tensor.js';
import type { DecoderOperations } from './decoder-operations.js';

/** The decoder gives up by itself after 5 s; one that does not is killed. */
const DECODE_LIMIT_MS = 6_000;
// Measured: 1 GB of address space is too little for Node with libvips, 1.5 GB is enough; a 24-megapixel picture adds 100 MB.
const ADDRESS_SPACE_BYTES = 3_500_000_000;

/** Callers that tell nothing of themselves share one turn. */
const ANYBODY: Turn = { holder: '' };

/** A decoded picture; the caller owns the row and frees it. */
export interface DecodedImage {
  readonly row: RowHandle;
  readonly geometry: ImageGeometry;
}

type DecoderSlot = ProcessSlot<DecoderOperations>;

/**
 * Decodes pictures in processes of their own, one picture per process at a time; while all are busy, holders take turns.
 * Encoded bytes go in and pixels come out through the arena: the worker never holds pixels.
 */
export class DecoderPool {
  private readonly slots: readonly DecoderSlot[];
  private readonly free: FairTurns<DecoderSlot>;

  constructor(
    private readonly arena: TensorArena,
    decoders: number,
  ) {
    this.slots = Array.from({ length: decoders }, () => new ProcessSlot('maru decoder', () => this.begin()));
    this.free = new FairTurns(this.slots);
  }

  /** Starts all decoders; resolves when they are ready. They also start by themselves when needed. */
  async start(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.ready()));
  }

  /** Process ids of the living decoders. */
  get pids(): readonly number[] {
    return this.slots.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  /**
   * Decodes a JPEG, PNG or WebP into a new row of the arena. Waits while all decoders are busy or the arena is full.
   * Throws UndecodableImageError (final), DecoderGoneError (may work again) or the signal's reason.
   * @param turn whose picture it is: nobody's pictures wait behind all of somebody else's
   */
  async decode(
    encoded: Uint8Array,
    spec: ImageRowSpec,
    signal?: AbortSignal,
    turn: Turn = ANYBODY,
  ): Promise<DecodedImage> {
    const [decoded] = await this.decodeAll(encoded, [spec], signal, turn);
    return decoded as DecodedImage;
  }

  /**
   * Decodes a picture once into several new rows of the arena, one for each spec; all or none.
   * @throws as `decode`
   */
  async decodeAll(
    encoded: Uint8Array,
    specs: readonly ImageRowSpec[],
    signal?: AbortSignal,
    turn: Turn = ANYBODY,
  ): Promise<DecodedImage[]> {
    if (specs.length === 0) return [];
    if (encoded.byteLength === 0) throw new UndecodableImageError('The file is empty. Send a JPEG, PNG or WebP file.');
    return this.free.run(turn, (slot) => this.decodeWith(slot, encoded, specs, signal), signal);
  }

  /** Ends all decoders; resolves when the processes are gone. */
  async close(): Promise<void> {
    this.free.close(new DecoderGoneError('the decoders were stopped'));
    await Promise.all(this.slots.map((slot) => slot.stop()));
  }

  private async decodeWith(
    slot: DecoderSlot,
    encoded: Uint8Array,
    specs: readonly ImageRowSpec[],
    signal: AbortSignal | undefined,
  ): Promise<DecodedImage[]> {
    // All or none: callers that each held a source and waited for a row would wait for ever.
    const sizes = [encoded.byteLength, ...specs.map(imageRowBytes)];
    const [source, ...rows] = (await this.arena.allocateAll(sizes, signal)) as [RowHandle, ...RowHandle[]];
    try {
      this.arena.write(source, encoded);
      const request = { source: { offset: source.offset, bytes: encoded.byteLength }, rows, specs };
      const geometries = await ask(slot, request);
      signal?.throwIfAborted();
      return rows.map((row, i) => ({ row, geometry: geometries[i] as ImageGeometry }));
    } catch (error) {
      for (const row of rows) this.arena.free(row);
      throw error;
    } finally {
      this.arena.free(source);
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

async function ask(
  slot: DecoderSlot,
  request: DecoderOperations['decode']['request'],
): Promise<readonly ImageGeometry[]> {
  try {
    const decoder = await slot.ready();
    return await decoder.ask('decode', request, DECODE_LIMIT_MS);
  } catch (error) {
    if (error instanceof RequestRefusedError) throw new UndecodableImageError(error.message);
    if (error instanceof ProcessEndedError) throw new DecoderGoneError(error.message);
    throw error;
  }
}
