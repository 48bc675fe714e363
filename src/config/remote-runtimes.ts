import fs from 'node:fs';
import { z } from 'zod';

const model = z.strictObject({
  /** Under which name analyzers find it. */
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** What the server calls it. Default: the same. */
  model: z.string().min(1).max(256).optional(),
  /** Default: whatever the server serves. */
  version: z.string().min(1).max(64).optional(),
  maxBatchSize: z.int().min(1).max(1024).default(32),
  buckets: z
    .strictObject({ axis: z.int().min(1), sizes: z.array(z.int().positive()).min(1) })
    .nullable()
    .default(null),
});

const server = z.strictObject({
  /** Part of the device's id, `remote:<name>`. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  baseUrl: z.url({ protocol: /^https?$/ }),
  dialect: z.enum(['oip', 'tf-serving']),
  /** Sent with every request, for example `Authorization`. */
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(4096)).default({}),
  /** Inference batches that the server takes at once; each is a device of the scheduler. */
  maxInFlight: z.int().min(1).max(64).default(1),
  /** PEM file with the authorities that sign the server's certificate. */
  ca: z.string().min(1).nullable().default(null),
  models: z.array(model).min(1),
});

/** An inference server that an operator configured. */
export type RemoteServerConfig = z.infer<typeof server>;

const servers = z.array(server).superRefine((list, context) => {
  const twice = (names: string[]) => names.find((name, i) => names.indexOf(name) !== i);
  for (const name of [twice(list.map((s) => s.name)), twice(list.flatMap((s) => s.models.map((m) => m.name)))]) {
    if (name !== undefined) context.addIssue({ code: 'custom', message: `the name ${name} is used twice` });
  }
});

/**
 * Reads MARU_REMOTE_RUNTIMES: JSON text, or the path of a JSON file. Throws an Error with every fault and no value: the
 * headers may hold secrets.
 */
export function readRemoteRuntimes(value: string | undefined): readonly RemoteServerConfig[] {
  if (!value) return [];
  const parsed = servers.safeParse(parseJson(value.trimStart().startsWith('[') ? value : readFile(value)));
  if (!parsed.success) throw new Error(`MARU_REMOTE_RUNTIMES: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function readFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`MARU_REMOTE_RUNTIMES: it is no JSON array and no file: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('MARU_REMOTE_RUNTIMES: it is not JSON');
  }
}
