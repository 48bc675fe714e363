import path from 'node:path';
import type { NamedTensorMap } from '@tensorflow/tfjs';
import type { EngineOperations, ReportedTensor } from '../../engine/engine-operations.js';
import { EngineTensors } from '../../engine/engine-tensors.js';
import type { TensorSignature } from '../../model-version.js';
import { directoryHandler } from './directory-handler.js';
import { graphModel, layersModel, savedModel, type ServableModel, type StoredTensor } from './servable-model.js';
import { startBackend, type StartedBackend } from './start-backend.js';
import type { TensorflowBackend } from './tensorflow-packages.js';
import { catalogType, inputTensor, outputOf } from './tensorflow-tensors.js';

// Runs in the engine process: erasable TypeScript only.

type Load = EngineOperations['load'];
type Run = EngineOperations['run'];

interface Loaded {
  readonly model: ServableModel;
  readonly inputs: readonly TensorSignature[];
}

/** The loaded models of one engine. Calls must not overlap; a run blocks the process until it is done. */
export class TensorflowModels {
  private readonly loaded = new Map<string, Loaded>();
  private readonly tensors: EngineTensors;
  private backend: Promise<StartedBackend> | null = null;

  /** @param arena file descriptor */
  constructor(arena: number) {
    this.tensors = new EngineTensors(arena);
  }

  async load({ key, file, placement, signature }: Load['request']): Promise<Load['answer']> {
    if (this.loaded.has(key)) throw new Error('this model is loaded already');
    const backend = await this.started(placement.provider as TensorflowBackend);
    const model = await open(backend, file, signature);
    this.loaded.set(key, { model, inputs: signature.inputs });
    const report = (tensors: readonly StoredTensor[], expected: readonly TensorSignature[]) =>
      tensors.map((tensor) =>
        reported(
          tensor,
          expected.find(({ name }) => name === tensor.name),
        ),
      );
    return { inputs: report(model.inputs, signature.inputs), outputs: report(model.outputs, signature.outputs) };
  }

  async unload({ key }: { key: string }): Promise<null> {
    this.loaded.get(key)?.model.dispose();
    this.loaded.delete(key);
    return null;
  }

  async run({ key, feeds, room }: Run['request']): Promise<Run['answer']> {
    const entry = this.loaded.get(key);
    if (!entry || !this.backend) throw new Error('this model is not loaded');
    const { tf } = await this.backend;
    const { model, inputs } = entry;
    const gathered = feeds.map((feed) => this.tensors.gather(feed));
    const started = performance.now();
    const outputs = readInScope(tf, () => {
      const named: NamedTensorMap = {};
      for (const [i, feed] of feeds.entries()) {
        const storedType = model.inputs.find(({ name }) => name === feed.name)?.type ?? '';
        const scale = inputs.find(({ name }) => name === feed.name)?.scale ?? 1;
        named[feed.name] = inputTensor(
          tf,
          feed,
          gathered[i] as NonNullable<(typeof gathered)[number]>,
          storedType,
          scale,
        );
      }
      const results = model.predict(named, feeds[0]?.dims[0] ?? 0);
      return results.map((tensor, i) => outputOf(model.outputs[i]?.name ?? String(i), tensor));
    });
    return { ms: performance.now() - started, outputs: this.tensors.pack(outputs, room) };
  }

  /** The backend of this engine; a start that failed is tried again with the next model. */
  private started(provider: TensorflowBackend): Promise<StartedBackend> {
    if (!this.backend) {
      this.backend = startBackend(provider);
      this.backend.catch(() => (this.backend = null));
    }
    return this.backend;
  }
}

/** Every tensor that `work` makes is gone afterwards; `work` must be synchronous. */
function readInScope<T>(tf: StartedBackend['tf'], work: () => T): T {
  tf.engine().startScope();
  try {
    return work();
  } finally {
    tf.engine().endScope();
  }
}

async function open(
  backend: StartedBackend,
  file: string,
  signature: Load['request']['signature'],
): Promise<ServableModel> {
  if (path.basename(file) === 'saved_model.pb') {
    if (backend.loadSavedModel) return savedModel(await backend.loadSavedModel(path.dirname(file)));
    throw new Error(
      'this is a SavedModel, and TensorFlow.js on WASM reads graph and layers models alone: convert it with ' +
        'tensorflowjs_converter, or install @tensorflow/tfjs-node beside Maru',
    );
  }
  const { tf } = backend;
  const artifacts = await directoryHandler(file).load?.();
  if (!artifacts) throw new Error(`${path.basename(file)} cannot be read`);
  const handler = { load: async () => artifacts };
  if (artifacts.format === 'graph-model') return graphModel(await tf.loadGraphModel(handler));
  if (artifacts.format === 'layers-model') return layersModel(await tf.loadLayersModel(handler), signature);
  throw new Error(`the format ${String(artifacts.format)} is not accepted; graph-model and layers-model are`);
}

/** What the artefact leaves open (the shape of most graph outputs) is as the catalog says; each run checks it. */
function reported({ name, type, shape }: StoredTensor, expected: TensorSignature | undefined): ReportedTensor {
  return {
    name,
    type: catalogType(type, expected),
    shape: shape ? shape.map((dim) => dim ?? '*') : (expected?.shape ?? []),
  };
}
