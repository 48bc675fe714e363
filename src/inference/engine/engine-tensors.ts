import { bytesOf, readFully, writeFully } from '../arena/file-bytes.js';
import { TENSOR_ARRAYS, type TensorData } from '../tensor.js';
import type { EngineOperations, Feed, RunOutput } from './engine-operations.js';

// Runs in the engine processes: erasable TypeScript only.

/** Below this an answer over the message channel is as fast as one through the arena. */
const INLINE_OUTPUT_BYTES = 16 * 1024;

/** An output as the library gave it. */
export interface EngineOutput {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** Carries tensors between the arena file and the library of an engine. Calls must not overlap. */
export class EngineTensors {
  /** One growing buffer per input name: no allocation per run. */
  private readonly buffers = new Map<string, ArrayBuffer>();
  private readonly arena: number;

  /** @param arena file descriptor */
  constructor(arena: number) {
    this.arena = arena;
  }

  /** The rows of a feed, one after the other. Valid until the next call for a feed of this name. */
  gather({ name, type, dims, rowBytes, offsets }: Feed): TensorData {
    const Elements = TENSOR_ARRAYS[type];
    const count = dims.reduce((product, dim) => product * dim, 1);
    if (count * Elements.BYTES_PER_ELEMENT !== rowBytes * offsets.length) {
      throw new Error(`the rows of ${name} do not fill its shape`);
    }
    let buffer = this.buffers.get(name);
    if (!buffer || buffer.byteLength < rowBytes * offsets.length) {
      buffer = new ArrayBuffer(rowBytes * offsets.length);
      this.buffers.set(name, buffer);
    }
    for (const [row, offset] of offsets.entries()) {
      readFully(this.arena, new Uint8Array(buffer, row * rowBytes, rowBytes), offset);
    }
    return new Elements(buffer, 0, count);
  }

  /** Small outputs as they are; large ones written into the room, where it is large enough. */
  pack(outputs: readonly EngineOutput[], room: EngineOperations['run']['request']['room']): RunOutput[] {
    const total = outputs.reduce((sum, { data }) => sum + data.byteLength, 0);
    if (total <= INLINE_OUTPUT_BYTES || !room || total > room.bytes) {
      return outputs.map((output) => ({ ...output, at: 0 }));
    }
    let at = 0;
    return outputs.map((output) => {
      writeFully(this.arena, bytesOf(output.data), room.offset + at);
      const packed = { ...output, data: null, at };
      at += output.data.byteLength;
      return packed;
    });
  }
}
