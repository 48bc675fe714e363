import { InferenceSession, Tensor } from 'onnxruntime-node';
import { bytesOf, readFully, writeFully } from '../../arena/file-bytes.js';
import type { EngineOperations, Feed, ReportedTensor, RunOutput } from '../../engine/engine-operations.js';
import { TENSOR_ARRAYS, type TensorData } from '../../tensor.js';
import { sessionOptions } from './session-options.js';

// Runs in the engine process: erasable TypeScript only.

/** Below this an answer over the message channel is as fast as one through the arena. */
const INLINE_OUTPUT_BYTES = 16 * 1024;

type Load = EngineOperations['load'];
type Run = EngineOperations['run'];

/** The loaded models of one engine. Calls must not overlap; a run blocks the process until it is done. */
export class OnnxSessions {
  private readonly sessions = new Map<string, InferenceSession>();
  /** One growing buffer per input name: no allocation per run. */
  private readonly buffers = new Map<string, ArrayBuffer>();
  private readonly arena: number;

  /** @param arena file descriptor */
  constructor(arena: number) {
    this.arena = arena;
  }

  async load({ key, file, placement }: Load['request']): Promise<Load['answer']> {
    if (this.sessions.has(key)) throw new Error('this model is loaded already');
    const session = await InferenceSession.create(file, sessionOptions(placement));
    this.sessions.set(key, session);
    return { inputs: session.inputMetadata.map(report), outputs: session.outputMetadata.map(report) };
  }

  async unload({ key }: { key: string }): Promise<null> {
    const session = this.sessions.get(key);
    this.sessions.delete(key);
    await session?.release();
    return null;
  }

  async run({ key, feeds, room }: Run['request']): Promise<Run['answer']> {
    const session = this.sessions.get(key);
    if (!session) throw new Error('this model is not loaded');
    const inputs = Object.fromEntries(feeds.map((feed) => [feed.name, this.gather(feed)]));
    const started = performance.now();
    const results = await session.run(inputs);
    const ms = performance.now() - started;
    return { ms, outputs: this.pack(Object.entries(results), room) };
  }

  private gather({ name, type, dims, rowBytes, offsets }: Feed): Tensor {
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
    const data = new Elements(buffer, 0, count);
    return type === 'bool' ? new Tensor('bool', data as Uint8Array, dims) : new Tensor(type, data, dims);
  }

  private pack(results: readonly [string, Tensor][], room: Run['request']['room']): RunOutput[] {
    const outputs = results.map(([name, { type, dims, data }]) => ({
      name,
      type,
      dims,
      data: data as TensorData,
      at: 0,
    }));
    const total = outputs.reduce((sum, { data }) => sum + data.byteLength, 0);
    if (total <= INLINE_OUTPUT_BYTES || !room || total > room.bytes) return outputs;
    let at = 0;
    return outputs.map((output) => {
      writeFully(this.arena, bytesOf(output.data), room.offset + at);
      const packed = { ...output, data: null, at };
      at += output.data.byteLength;
      return packed;
    });
  }
}

function report(metadata: InferenceSession.ValueMetadata): ReportedTensor {
  if (!metadata.isTensor) throw new Error(`${metadata.name} is not a tensor; only tensors can cross the engine`);
  return { name: metadata.name, type: metadata.type, shape: metadata.shape };
}
