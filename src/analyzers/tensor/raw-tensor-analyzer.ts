import type { TensorSignature } from '../../inference/model-version.js';
import { fits } from '../../inference/runtimes/onnx/batch-feeds.js';
import type { OutputMap } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  InputUnreadableError,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { placeTensors } from './place-tensors.js';
import { loadTensor, type StoredTensor, storeTensor } from './stored-tensor.js';

/** What a job of this analyzer was given: checked against the model's signature before it was stored. */
export interface TensorInput {
  readonly shapeBucket: string;
  readonly tensors: readonly StoredTensor[];
}

/** What runs as it is: a model of the platform, or the uploaded model that serves an analyzer of the tenant. */
export interface RawTarget {
  /** Name of the model; of an uploaded one the slug of its analyzer. */
  readonly name: string;
  readonly isOwn: boolean;
}

const PLATFORM_PREFIX = 'tensor/';
const OWN_PREFIX = 'own-tensor/';

/** Slug of the jobs that run a model as it is. No grant can name it: a slug of the catalog has no slash. */
export function rawSlugOf({ name, isOwn }: RawTarget): string {
  return (isOwn ? OWN_PREFIX : PLATFORM_PREFIX) + name;
}

/** What such a slug names; null for any other. */
export function rawTargetOf(slug: string): RawTarget | null {
  if (slug.startsWith(OWN_PREFIX)) return { name: slug.slice(OWN_PREFIX.length), isOwn: true };
  return slug.startsWith(PLATFORM_PREFIX) ? { name: slug.slice(PLATFORM_PREFIX.length), isOwn: false } : null;
}

/**
 * Runs a model as it is, for the Open Inference Protocol: tensors in, tensors out, bit by bit, all rows of a job in one
 * inference batch. A manifest of kind `tensor` makes another one, with numbers for people and a schema.
 */
export class RawTensorAnalyzer extends Analyzer<TensorInput, null> {
  readonly definition: AnalyzerDefinition;

  /** @param signature inputs of the model that serves now, which may have changed since the input was checked */
  constructor(
    private readonly target: RawTarget,
    private readonly signature: readonly TensorSignature[] | null = null,
  ) {
    super();
    this.definition = definitionOf(target);
  }

  async prepare({ shapeBucket, tensors }: TensorInput, context: PrepareContext): Promise<Prepared<null>> {
    const loaded = tensors.map(loadTensor);
    for (const { name, type, shape } of this.signature ?? []) {
      const tensor = loaded.find((candidate) => candidate.name === name);
      if (tensor?.type === type && fits(tensor.dims, shape)) continue;
      throw new InputUnreadableError(
        `The model that serves ${this.target.name} now takes other tensors. Read GET /v2/models/${this.target.name}.`,
      );
    }
    return { shapeBucket, tensors: await placeTensors(loaded, context), memo: null };
  }

  interpret(outputs: OutputMap): AnalyzerResult {
    const tensors = Object.entries(outputs).map(([name, tensor]) => storeTensor({ name, ...tensor }));
    const text = tensors.map(({ name, type, dims }) => `${name}: ${type} [${dims.join(', ')}]`).join('\n');
    return { kind: 'text', data: { text, outputs: tensors } };
  }
}

function definitionOf(target: RawTarget): AnalyzerDefinition {
  const { name: model } = target;
  const tensors = { type: 'array', items: { type: 'object' } };
  return {
    slug: rawSlugOf(target),
    version: '1.0.0',
    name: { ko: `텐서 (${model})`, en: `Tensors (${model})` },
    description: {
      ko: '모델을 그대로 실행합니다: 텐서를 받아 텐서를 돌려줍니다.',
      en: 'Runs a model as it is: tensors in, tensors out.',
    },
    inputSchema: {
      type: 'object',
      properties: { shapeBucket: { type: 'string' }, tensors },
      required: ['shapeBucket', 'tensors'],
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: { text: { type: 'string' }, outputs: tensors },
      required: ['text', 'outputs'],
      additionalProperties: false,
    },
    view: { renderer: 'text', labels: [] },
    model,
    limits: { maxInputBytes: 2 ** 20, maxDurationMs: 60_000 },
    unit: 'signal',
  };
}
