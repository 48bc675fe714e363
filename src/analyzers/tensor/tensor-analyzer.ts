import type { OutputMap, RowHandle, TensorMap, TensorRows } from '../../inference/tensor.js';
import { TENSOR_ARRAYS } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  InputUnreadableError,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { loadTensor, type StoredTensor, storeTensor } from './stored-tensor.js';

/** What a job of this analyzer was given: checked against the model's signature before it was stored. */
export interface TensorInput {
  readonly shapeBucket: string;
  readonly tensors: readonly StoredTensor[];
}

const PREFIX = 'tensor/';

/** Slug of the analyzer that runs a model as it is. No grant can name it: a slug of the catalog has no slash. */
export function tensorSlug(model: string): string {
  return PREFIX + model;
}

/** The analyzer of such a slug; undefined for any other. */
export function tensorAnalyzerOf(slug: string): TensorAnalyzer | undefined {
  return slug.startsWith(PREFIX) ? new TensorAnalyzer(slug.slice(PREFIX.length)) : undefined;
}

/** Runs a model as it is: tensors in, tensors out, all rows of a job in one inference batch. */
export class TensorAnalyzer extends Analyzer<TensorInput, null> {
  readonly definition: AnalyzerDefinition;

  constructor(model: string) {
    super();
    this.definition = definitionOf(model);
  }

  async prepare({ shapeBucket, tensors }: TensorInput, context: PrepareContext): Promise<Prepared<null>> {
    const rows = tensors.map(rowsOf);
    const handles = await context.tensorRows(rows.flat());
    let first = 0;
    const entries = tensors.map(({ name, type, dims }, i): [string, TensorRows] => {
      const count = rows[i]?.length ?? 0;
      const own: readonly RowHandle[] = handles.slice(first, first + count);
      first += count;
      return [name, { type, rowShape: dims.slice(1), rows: own }];
    });
    const map: TensorMap = Object.fromEntries(entries);
    return { shapeBucket, tensors: map, memo: null };
  }

  interpret(outputs: OutputMap): AnalyzerResult {
    const tensors = Object.entries(outputs).map(([name, tensor]) => storeTensor({ name, ...tensor }));
    const text = tensors.map(({ name, type, dims }) => `${name}: ${type} [${dims.join(', ')}]`).join('\n');
    return { kind: 'text', data: { text, outputs: tensors } };
  }
}

function rowsOf(tensor: StoredTensor): ArrayBufferView[] {
  const { type, dims, data } = loadTensor(tensor);
  const count = dims[0] ?? 0;
  const length = data.length / count;
  if (!Number.isInteger(length)) throw new InputUnreadableError(`${tensor.name} cannot be cut into ${count} rows.`);
  const bytes = length * TENSOR_ARRAYS[type].BYTES_PER_ELEMENT;
  return Array.from({ length: count }, (_, row) => new Uint8Array(data.buffer, data.byteOffset + row * bytes, bytes));
}

function definitionOf(model: string): AnalyzerDefinition {
  const tensors = { type: 'array', items: { type: 'object' } };
  return {
    slug: tensorSlug(model),
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
