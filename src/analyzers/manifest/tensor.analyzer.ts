import { elementCount, type NamedTensor } from '../../inference/open-inference/named-tensor.js';
import type { OutputMap, OutputTensor } from '../../inference/tensor.js';
import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  InputUnreadableError,
  type JsonSchema,
  type PrepareContext,
  type Prepared,
} from '../analyzer.js';
import { round6 } from '../rounding.js';
import { placeTensors } from '../tensor/place-tensors.js';
import type { ManifestOf } from './analyzer-manifest.js';
import { definitionOf } from './manifest-definition.js';
import { outputOf } from './model-output.js';
import { type SentTensor, tensorValues } from './tensor-values.js';

type Manifest = ManifestOf<'tensor'>;
type InputSpec = Manifest['inputs'][number];

interface TensorInput {
  readonly inputs: Readonly<Record<string, SentTensor>>;
}

/** Tensors in, tensors out: for callers who prepare and interpret themselves. All rows of a job run in one batch. */
export class TensorAnalyzer extends Analyzer<TensorInput, null> {
  readonly definition: AnalyzerDefinition;

  constructor(private readonly manifest: Manifest) {
    super();
    const { inputs, outputs } = manifest;
    this.definition = definitionOf(manifest, {
      inputSchema: {
        type: 'object',
        properties: {
          inputs: closed('Tensors by name', Object.fromEntries(inputs.map((i) => [i.tensor, sentSchema(i)]))),
        },
        required: ['inputs'],
        additionalProperties: false,
      },
      output: {
        outputs: closed('Tensors by name', Object.fromEntries(outputs.map((o) => [o.tensor, givenSchema(o)]))),
      },
      renderer: 'table',
      unit: 'row',
    });
  }

  async prepare({ inputs }: TensorInput, context: PrepareContext): Promise<Prepared<null>> {
    const counts = new Set(this.manifest.inputs.map(({ tensor }) => inputs[tensor]?.shape[0]));
    if (counts.size !== 1) throw new InputUnreadableError('All input tensors need the same number of rows.');
    const tensors = this.manifest.inputs.map((spec) => namedTensor(spec, inputs[spec.tensor]));
    return { shapeBucket: 'rows', tensors: await placeTensors(tensors, context), memo: null };
  }

  interpret(outputs: OutputMap): AnalyzerResult {
    const given = this.manifest.outputs.map(({ tensor }) => [tensor, plain(outputOf(outputs, tensor))] as const);
    return { kind: 'table', data: { outputs: Object.fromEntries(given) } };
  }
}

function namedTensor(spec: InputSpec, sent: SentTensor | undefined): NamedTensor {
  const { tensor, type, shape, minimum, maximum } = spec;
  const rowShape = shape.slice(1).map(Number);
  const count = sent?.shape[0] ?? 0;
  if (!sent || sent.shape.slice(1).join() !== rowShape.join()) {
    throw new InputUnreadableError(`The input tensor "${tensor}" must have the shape [n, ${rowShape.join(', ')}].`);
  }
  const dims = [count, ...rowShape];
  const values = tensorValues(tensor, type, sent, elementCount(dims));
  for (const value of values) {
    if (Number(value) < (minimum ?? -Infinity) || Number(value) > (maximum ?? Infinity)) {
      throw new InputUnreadableError(
        `The input tensor "${tensor}" holds ${value}; allowed are ${minimum ?? 'any'} to ${maximum ?? 'any'}.`,
      );
    }
  }
  return { name: tensor, type, dims, data: values };
}

function plain({ dims, data }: OutputTensor): { readonly shape: readonly number[]; readonly data: number[] } {
  return { shape: [...dims], data: Array.from(data as Iterable<number | bigint>, (value) => round6(Number(value))) };
}

function sentSchema({ shape, type, maxRows }: InputSpec): JsonSchema {
  const rest = shape.slice(1).map((dim) => ({ const: dim }));
  return {
    ...closed(`${type} [n, ${shape.slice(1).join(', ')}], n at most ${maxRows}`, {
      shape: {
        type: 'array',
        prefixItems: [{ type: 'integer', minimum: 1, maximum: maxRows }, ...rest],
        minItems: shape.length,
        items: false,
      },
      data: { type: 'array', description: 'Numbers, flat or nested like the shape' },
      base64: { type: 'string', description: 'Or the values, little-endian' },
    }),
    required: ['shape'],
    oneOf: [{ required: ['data'] }, { required: ['base64'] }],
  };
}

function givenSchema({ shape, type, labels, unit }: Manifest['outputs'][number]): JsonSchema {
  const words = [labels && `last axis: ${labels.join(', ')}`, unit && `in ${unit}`].filter(Boolean).join('; ');
  return closed(`${type} [n, ${shape.slice(1).join(', ')}]${words ? `; ${words}` : ''}`, {
    shape: { type: 'array', items: { type: 'integer' } },
    data: { type: 'array', items: { type: 'number' }, description: 'Row by row' },
  });
}

function closed(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', description, properties, required: Object.keys(properties), additionalProperties: false };
}
