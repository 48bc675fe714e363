import { z } from 'zod';
import { InvalidInferenceError } from '../../inference.errors.js';
import { type NamedTensor, typeOfDatatype } from '../../open-inference/named-tensor.js';
import {
  BrokenMessageError,
  HEADER_LENGTH,
  readTensors,
  splitBody,
  writeTensors,
} from '../../open-inference/tensor-message.js';
import type { RemoteDialect, RemoteModelFacts, RemoteModelName } from './remote-dialect.js';
import { type RemoteAnswer, type RemoteHttp, RemoteRefusalError } from './remote-http.js';

const BINARY_EXTENSION = 'binary_tensor_data';

const tensor = z.looseObject({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });
const metadata = z.looseObject({
  versions: z.array(z.string()).nullish(),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
});
const serverMetadata = z.looseObject({ extensions: z.array(z.string()).nullish() });

/**
 * Open Inference Protocol v2 over HTTP, with raw tensors where the server takes them: those that list the extension, and
 * those that take the first attempt. The others get JSON.
 */
export class OipDialect implements RemoteDialect {
  private binary: boolean | null = null;

  constructor(private readonly http: RemoteHttp) {}

  async checkReady(limitMs: number): Promise<void> {
    await this.http.send({ method: 'GET', path: '/v2/health/ready', limitMs });
  }

  async facts(name: RemoteModelName, limitMs: number): Promise<RemoteModelFacts> {
    await this.http.send({ method: 'GET', path: `${pathOf(name)}/ready`, limitMs });
    const found = metadata.safeParse(await this.json(pathOf(name), limitMs));
    if (!found.success) throw new InvalidInferenceError(`the metadata of ${name.model} is not that of the protocol`);
    const report = ({ name: label, datatype, shape }: z.infer<typeof tensor>) => ({
      name: label,
      type: typeOfDatatype(datatype) ?? datatype,
      shape: shape.map((dim) => (dim < 0 ? '*' : dim)),
    });
    const { versions, inputs, outputs } = found.data;
    return { version: versions?.at(-1) ?? null, inputs: inputs.map(report), outputs: outputs.map(report) };
  }

  async infer(
    name: RemoteModelName,
    inputs: readonly NamedTensor[],
    _expected: unknown,
    limitMs: number,
  ): Promise<readonly NamedTensor[]> {
    const endsAt = performance.now() + limitMs;
    const isListed = this.binary ?? (await this.listsBinary(limitMs));
    try {
      const outputs = await this.exchange(name, inputs, isListed ?? true, endsAt);
      this.binary ??= isListed ?? true;
      return outputs;
    } catch (error) {
      // Not listed and not taken: 4xx or an answer that is not of the protocol. A broken input fails in JSON again.
      if (isListed !== null || !(error instanceof RemoteRefusalError)) throw error;
      const outputs = await this.exchange(name, inputs, false, endsAt);
      this.binary = false;
      return outputs;
    }
  }

  /** True when the server lists the extension, null when only an attempt can tell. */
  private async listsBinary(limitMs: number): Promise<boolean | null> {
    try {
      const { extensions } = serverMetadata.parse(await this.json('/v2', limitMs));
      return extensions?.includes(BINARY_EXTENSION) ? true : null;
    } catch (error) {
      if (error instanceof RemoteRefusalError || error instanceof z.ZodError) return null;
      throw error;
    }
  }

  private async exchange(
    name: RemoteModelName,
    inputs: readonly NamedTensor[],
    isBinary: boolean,
    endsAt: number,
  ): Promise<readonly NamedTensor[]> {
    const { entries, parts } = writeTensors(inputs, () => isBinary);
    const parameters = isBinary ? { parameters: { binary_data_output: true } } : {};
    const head = Buffer.from(JSON.stringify({ ...parameters, inputs: entries }));
    const headers: Record<string, string> = isBinary
      ? { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(head.length) }
      : { 'content-type': 'application/json' };
    const limitMs = Math.max(1, Math.ceil(endsAt - performance.now()));
    const path = `${pathOf(name)}/infer`;
    return outputsOf(await this.http.send({ method: 'POST', path, headers, parts: [head, ...parts], limitMs }));
  }

  private async json(path: string, limitMs: number): Promise<unknown> {
    const { body } = await this.http.send({ method: 'GET', path, limitMs });
    try {
      return JSON.parse(body.toString('utf8'));
    } catch {
      throw new InvalidInferenceError(`${path} does not answer with JSON`);
    }
  }
}

function outputsOf({ headers, body }: RemoteAnswer): readonly NamedTensor[] {
  try {
    const { json, tail } = splitBody(headers[HEADER_LENGTH]?.toString(), body);
    return readTensors((json as { outputs?: unknown } | null)?.outputs, tail);
  } catch (error) {
    if (!(error instanceof BrokenMessageError)) throw error;
    throw new InvalidInferenceError(`the server's answer is broken: ${error.message}`);
  }
}

function pathOf({ model, version }: RemoteModelName): string {
  const versionPath = version === null ? '' : `/versions/${encodeURIComponent(version)}`;
  return `/v2/models/${encodeURIComponent(model)}${versionPath}`;
}
