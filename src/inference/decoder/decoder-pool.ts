import { FairTurns, type Turn } from '../../common/fair-turns.js';
import type { TensorArena } from '../arena/tensor-arena.js';
import { type ImageGeometry, imageRowBytes, type ImageRowSpec } from '../image-row-spec.js';
import { DecoderGoneError, UndecodableImageError } from '../inference.errors.js';
import type { RowHandle } from '../tensor.js';
import { DecoderSlot } from './decoder-slot.js';

/** Pictures for each decoder that are in memory at once: while it decodes one, the next is fetched. */
const DEPTH = 2;

/** Callers that tell nothing of themselves share one turn. */
const ANYBODY: Turn = { holder: '' };

/** A decoded picture; the caller owns the row and frees it. */
export interface DecodedImage {
  readonly row: RowHandle;
  readonly geometry: ImageGeometry;
}

/**
 * Decodes pictures in processes of their own; while all are busy, holders take turns. A picture is fetched when its turn
 * comes, so that a thousand that wait cost no memory. Encoded bytes go in and pixels come out through the arena: the
 * worker never holds pixels.
 */
export class DecoderPool {
  private readonly slots: readonly DecoderSlot[];
  private readonly turns: FairTurns<true>;

  constructor(
    private readonly arena: TensorArena,
    decoders: number,
  ) {
    this.slots = Array.from({ length: decoders }, () => new DecoderSlot(arena));
    this.turns = new FairTurns(Array.from({ length: DEPTH * decoders }, () => true));
  }

  /** Starts all decoders; resolves when they are ready. They also start by themselves when needed. */
  async start(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.start()));
  }

  /** Process ids of the living decoders. */
  get pids(): readonly number[] {
    return this.slots.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  /**
   * Decodes a JPEG, PNG or WebP into a new row of the arena.
   * @throws as `decodeAll`
   */
  async decode(encoded: Uint8Array, spec: ImageRowSpec, signal?: AbortSignal): Promise<DecodedImage> {
    const [decoded] = await this.decodeAll(() => Promise.resolve(encoded), [spec], signal);
    return decoded as DecodedImage;
  }

  /**
   * Decodes a JPEG, PNG or WebP once into several new rows of the arena, one for each spec; all or none. Waits while all
   * decoders are busy or the arena is full.
   * Throws UndecodableImageError (final), DecoderGoneError (may work again), what `read` throws, or the signal's reason.
   * @param read fetches the encoded picture, when its turn has come
   * @param turn whose picture it is: nobody's pictures wait behind all of somebody else's
   */
  async decodeAll(
    read: () => Promise<Uint8Array>,
    specs: readonly ImageRowSpec[],
    signal?: AbortSignal,
    turn: Turn = ANYBODY,
  ): Promise<DecodedImage[]> {
    if (specs.length === 0) return [];
    return this.turns.run(turn, async () => this.decodeNow(await read(), specs, signal), signal);
  }

  /** Ends all decoders; resolves when the processes are gone. */
  async close(): Promise<void> {
    this.turns.close(new DecoderGoneError('the decoders were stopped'));
    await Promise.all(this.slots.map((slot) => slot.stop()));
  }

  private async decodeNow(
    encoded: Uint8Array,
    specs: readonly ImageRowSpec[],
    signal: AbortSignal | undefined,
  ): Promise<DecodedImage[]> {
    if (encoded.byteLength === 0) throw new UndecodableImageError('The file is empty. Send a JPEG, PNG or WebP file.');
    // All or none: callers that each held a source and waited for a row would wait for ever.
    const sizes = [encoded.byteLength, ...specs.map(imageRowBytes)];
    const [source, ...rows] = (await this.arena.allocateAll(sizes, signal)) as [RowHandle, ...RowHandle[]];
    try {
      this.arena.write(source, encoded);
      const request = { source: { offset: source.offset, bytes: encoded.byteLength }, rows, specs };
      const geometries = await this.leastLoaded().decode(request);
      signal?.throwIfAborted();
      return rows.map((row, i) => ({ row, geometry: geometries[i] as ImageGeometry }));
    } catch (error) {
      for (const row of rows) this.arena.free(row);
      throw error;
    } finally {
      this.arena.free(source);
    }
  }

  private leastLoaded(): DecoderSlot {
    return this.slots.reduce((least, slot) => (slot.load < least.load ? slot : least));
  }
}
