import { constant, model, node, value } from './onnx-writer.js';

type Json = Record<string, unknown>;

/** y = factor * x, float32 [n, 2]. */
export function scaling(factor: number): Buffer {
  return model({
    nodes: [node('Mul', ['x', 'factor'], ['y'])],
    constants: [constant('factor', 'float32', [1], new Float32Array([factor]))],
    inputs: [value('x', 'float32', ['n', 2])],
    outputs: [value('y', 'float32', ['n', 2])],
  });
}

/** A manifest of kind `tensor` for models of two floats a row. */
export function tensorManifest(slug: string, changes: Json = {}): Json {
  return {
    manifestVersion: 1,
    slug,
    kind: 'tensor',
    title: { en: 'Scaling', ko: '배율' },
    artifacts: [{ runtime: 'onnx', files: ['model.onnx'] }],
    inputs: [{ tensor: 'x', type: 'float32', shape: ['n', 2], minimum: -100, maximum: 100, maxRows: 4 }],
    outputs: [{ tensor: 'y', type: 'float32', shape: ['n', 2] }],
    batch: { max: 16 },
    ...changes,
  };
}

/** An answer, its body parsed. */
export interface ModelAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** Speaks to the models API as one tenant. */
export class ModelsClient {
  constructor(
    private readonly baseUrl: string,
    readonly tenantId: string,
  ) {}

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ModelAnswer> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.answered(path, { method, headers: { ...type, ...headers }, ...json });
  }

  /** Uploads as multipart. */
  async upload(
    manifest: unknown,
    files: Readonly<Record<string, Buffer>>,
    headers: Record<string, string> = {},
  ): Promise<ModelAnswer> {
    const form = new FormData();
    form.set('manifest', JSON.stringify(manifest));
    for (const [name, content] of Object.entries(files))
      form.append('files', new Blob([new Uint8Array(content)]), name);
    return this.answered('/v1/models', { method: 'POST', body: form, headers });
  }

  /** Sends bytes to a signed address. */
  put(path: string, content: Buffer, headers: Record<string, string> = {}): Promise<ModelAnswer> {
    const type = { 'content-type': 'application/octet-stream' };
    return this.answered(path, { method: 'PUT', body: new Uint8Array(content), headers: { ...type, ...headers } });
  }

  /** Reads a model until its admission has ended. */
  async admitted(id: string): Promise<Json> {
    for (let i = 0; i < 600; i++) {
      const { body } = await this.send('GET', `/v1/models/${id}`);
      if (body['status'] !== 'admitting') return body;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the admission did not end');
  }

  /** Runs one job to its end. */
  async run(analyzer: string, input: unknown): Promise<Json> {
    const created = await this.send('POST', '/v1/jobs', { analyzer, input }, { prefer: 'wait=30' });
    if (created.status !== 200) throw new Error(`${created.status} ${JSON.stringify(created.body)}`);
    return created.body;
  }

  private async answered(path: string, { headers, ...init }: RequestInit): Promise<ModelAnswer> {
    const authorization = `Bearer ${this.tenantId}`;
    const response = await fetch(`${this.baseUrl}${path}`, {
      ...init,
      headers: { authorization, ...(headers as Json) } as never,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Json };
  }
}
