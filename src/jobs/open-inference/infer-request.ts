import { z } from 'zod';
import type { NamedTensor } from '../../inference/open-inference/named-tensor.js';
import {
  BrokenMessageError,
  HEADER_LENGTH,
  readTensors,
  splitBody,
} from '../../inference/open-inference/tensor-message.js';
import { assertAcceptable } from '../../http/request-validation.pipe.js';
import { TensorsRefusedError } from './open-inference.errors.js';

const MAX_NAME_CHARS = 256;

const message = z.looseObject({
  id: z.string().max(MAX_NAME_CHARS).nullish(),
  parameters: z.looseObject({ binary_data_output: z.boolean().optional() }).nullish(),
  outputs: z
    .array(
      z.looseObject({
        name: z.string().max(MAX_NAME_CHARS),
        parameters: z.looseObject({ binary_data: z.boolean().optional() }).nullish(),
      }),
    )
    .max(256)
    .nullish(),
});

/** One request of the protocol. */
export interface InferRequest {
  /** The client's own id, given back with the answer. */
  readonly id: string | null;
  readonly inputs: readonly NamedTensor[];
  /** Names of the outputs that the client wants; null = all. */
  readonly wanted: readonly string[] | null;
  /** Whether an output goes back as raw bytes. */
  readonly isBinary: (output: string) => boolean;
}

/**
 * Reads a request: JSON, or JSON followed by raw tensors.
 * @param body what the parsers made of it: a Buffer of an octet stream, else parsed JSON
 * @throws TensorsRefusedError
 */
export function inferRequestOf(headers: Readonly<Record<string, unknown>>, body: unknown): InferRequest {
  try {
    const { json, tail } = Buffer.isBuffer(body)
      ? splitBody(headers[HEADER_LENGTH]?.toString(), body)
      : { json: body, tail: new Uint8Array() };
    assertAcceptable(json);
    const parsed = message.safeParse(json);
    if (!parsed.success) throw new BrokenMessageError(z.prettifyError(parsed.error));
    const { id, parameters, outputs } = parsed.data;
    const binary = new Map(outputs?.map(({ name, parameters: own }) => [name, own?.binary_data]));
    return {
      id: id ?? null,
      inputs: readTensors((json as { inputs?: unknown }).inputs, tail),
      wanted: outputs?.length ? outputs.map(({ name }) => name) : null,
      isBinary: (output) => binary.get(output) ?? parameters?.binary_data_output ?? false,
    };
  } catch (error) {
    if (error instanceof BrokenMessageError) throw new TensorsRefusedError('', error.message);
    throw error;
  }
}
