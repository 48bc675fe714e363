import { z } from 'zod';
import type { ReportedTensor } from '../../engine/engine-operations.js';
import { InvalidInferenceError, RemoteUnavailableError } from '../../inference.errors.js';
import { dataOf, elementCount, type NamedTensor, valuesOf } from '../../open-inference/named-tensor.js';
import { TENSOR_ARRAYS, type TensorType } from '../../tensor.js';
import type { RemoteDialect, RemoteModelFacts, RemoteModelName } from './remote-dialect.js';
import type { RemoteHttp } from './remote-http.js';

const SIGNATURE = 'serving_default';
const TYPES: Readonly<Record<string, TensorType>> = {
  DT_FLOAT: 'float32',
  DT_DOUBLE: 'float64',
  DT_UINT8: 'uint8',
  DT_INT8: 'int8',
  DT_INT32: 'int32',
  DT_INT64: 'int64',
  DT_BOOL: 'bool',
};

const status = z.looseObject({
  model_version_status: z.array(z.looseObject({ version: z.string(), state: z.string() })),
});
const tensorInfo = z.looseObject({
  dtype: z.string(),
  tensor_shape: z.looseObject({ dim: z.array(z.looseObject({ size: z.coerce.number() })).default([]) }),
});
const signature = z.looseObject({
  inputs: z.record(z.string(), tensorInfo),
  outputs: z.record(z.string(), tensorInfo),
});
const metadata = z.looseObject({
  model_spec: z.looseObject({ version: z.string().nullish() }),
  metadata: z.looseObject({
    signature_def: z.looseObject({ signature_def: z.record(z.string(), z.unknown()) }),
  }),
});

/** TensorFlow Serving's REST interface: JSON only, the columnar form, the signature `serving_default`. */
export class TfServingDialect implements RemoteDialect {
  /** @param probe a model whose status stands for the server: it has no health of its own */
  constructor(
    private readonly http: RemoteHttp,
    private readonly probe: RemoteModelName,
  ) {}

  async checkReady(limitMs: number): Promise<void> {
    const found = status.safeParse(await this.json('GET', pathOf(this.probe), limitMs));
    if (found.success && found.data.model_version_status.some(({ state }) => state === 'AVAILABLE')) return;
    throw new RemoteUnavailableError(`no version of ${this.probe.model} is available`);
  }

  async facts(name: RemoteModelName, limitMs: number): Promise<RemoteModelFacts> {
    const found = metadata.safeParse(await this.json('GET', `${pathOf(name)}/metadata`, limitMs));
    const served = signature.safeParse(found.data?.metadata.signature_def.signature_def[SIGNATURE]);
    if (!found.success || !served.success) {
      throw new InvalidInferenceError(`the metadata of ${name.model} has no signature ${SIGNATURE}`);
    }
    const { inputs, outputs } = served.data;
    return { version: found.data.model_spec.version ?? null, inputs: reported(inputs), outputs: reported(outputs) };
  }

  async infer(
    name: RemoteModelName,
    inputs: readonly NamedTensor[],
    expected: readonly ReportedTensor[],
    limitMs: number,
  ): Promise<readonly NamedTensor[]> {
    const columns = Object.fromEntries(inputs.map((input) => [input.name, nested(input)]));
    const body = Buffer.from(JSON.stringify({ signature_name: SIGNATURE, inputs: columns }));
    const answer = await this.json('POST', `${pathOf(name)}:predict`, limitMs, body);
    const { outputs } = (answer ?? {}) as { outputs?: unknown };
    // One output arrives without its name, several as an object.
    const isNamed = typeof outputs === 'object' && outputs !== null && !Array.isArray(outputs);
    const named = (isNamed ? outputs : { [expected[0]?.name ?? 'output']: outputs }) as Record<string, unknown>;
    return Object.entries(named).map(([label, value]) =>
      flattened(label, value, expected.find((output) => output.name === label)?.type),
    );
  }

  private async json(method: 'GET' | 'POST', path: string, limitMs: number, part?: Buffer): Promise<unknown> {
    const headers = part && { 'content-type': 'application/json' };
    const { body } = await this.http.send({
      method,
      path,
      limitMs,
      ...(part && headers && { headers, parts: [part] }),
    });
    // The server may write bare NaN and Infinity, which JSON does not have.
    const text = body.toString('utf8').replace(/(?<=[[,:\s])-?(?:NaN|Infinity)(?=[\],}\s])/g, 'null');
    try {
      return JSON.parse(text);
    } catch {
      throw new InvalidInferenceError(`${path} does not answer with JSON`);
    }
  }
}

function reported(tensors: Readonly<Record<string, z.infer<typeof tensorInfo>>>): ReportedTensor[] {
  return Object.entries(tensors).map(
    ([
      name,
      {
        dtype,
        tensor_shape: { dim },
      },
    ]) => ({
      name,
      type: TYPES[dtype] ?? dtype,
      shape: dim.map(({ size }) => (size < 0 ? '*' : size)),
    }),
  );
}

function nested(tensor: NamedTensor): unknown {
  const flat: readonly unknown[] = valuesOf(tensor);
  return tensor.dims
    .slice(1)
    .reduceRight<readonly unknown[]>(
      (rows, dim) => Array.from({ length: rows.length / dim }, (_, i) => rows.slice(i * dim, (i + 1) * dim)),
      flat,
    );
}

function flattened(name: string, value: unknown, type: string | undefined): NamedTensor {
  const dims: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0] as unknown) dims.push(level.length);
  const flat = [value].flat(Infinity).map((each) => (each === null ? NaN : each));
  const known = type && Object.hasOwn(TENSOR_ARRAYS, type) ? (type as TensorType) : 'float32';
  const data = flat.length === elementCount(dims) ? dataOf(known, flat) : null;
  if (!data) throw new InvalidInferenceError(`the output ${name} is not a regular array of ${known}`);
  return { name, type: known, dims, data };
}

function pathOf({ model, version }: RemoteModelName): string {
  const versionPath = version === null ? '' : `/versions/${encodeURIComponent(version)}`;
  return `/v1/models/${encodeURIComponent(model)}${versionPath}`;
}
