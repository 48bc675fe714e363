import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EngineOperations, Feed, ReportedTensor } from '../../engine/engine-operations.js';
import { EngineTensors } from '../../engine/engine-tensors.js';
import type { TensorData } from '../../tensor.js';
import { sessionOptions } from './session-options.js';

// Runs in the engine process: erasable TypeScript only.

type Load = EngineOperations['load'];
type Run = EngineOperations['run'];

/** The loaded models of one engine. Calls must not overlap; a run blocks the process until it is done. */
export class OnnxSessions {
  private readonly sessions = new Map<string, InferenceSession>();
  private readonly tensors: EngineTensors;

  /** @param arena file descriptor */
  constructor(arena: number) {
    this.tensors = new EngineTensors(arena);
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
    const inputs = Object.fromEntries(feeds.map((feed) => [feed.name, this.inputOf(feed)]));
    const started = performance.now();
    const results = await session.run(inputs);
    const ms = performance.now() - started;
    const outputs = Object.entries(results).map(([name, { type, dims, data }]) => ({
      name,
      type,
      dims,
      data: data as TensorData,
    }));
    return { ms, outputs: this.tensors.pack(outputs, room) };
  }

  private inputOf(feed: Feed): Tensor {
    const { type, dims } = feed;
    const data = this.tensors.gather(feed);
    return type === 'bool' ? new Tensor('bool', data as Uint8Array, dims) : new Tensor(type, data, dims);
  }
}

function report(metadata: InferenceSession.ValueMetadata): ReportedTensor {
  if (!metadata.isTensor) throw new Error(`${metadata.name} is not a tensor; only tensors can cross the engine`);
  return { name: metadata.name, type: metadata.type, shape: metadata.shape };
}
