import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What the server does wrong, to every inference until it is told otherwise. */
export type ServerFault =
  | 'none'
  /** The last tensor lacks its last four bytes. */
  | 'short'
  /** Says that the JSON part is longer than the body. */
  | 'header'
  | 'busy'
  | 'refusal'
  | 'hang'
  /** Begins an answer and sends no more of it. */
  | 'stall'
  /** Never stops sending. */
  | 'oversize'
  | 'nan'
  | 'garbage'
  /** Closes the connection instead of an answer. */
  | 'reset'
  /** Another shape than it says. */
  | 'shape'
  /** Everything, also the health, is answered 503. */
  | 'down';

export interface ServedModel {
  readonly name: string;
  readonly file: string;
}

const DATATYPES: Readonly<Record<string, [oip: string, tf: string]>> = {
  float32: ['FP32', 'DT_FLOAT'],
  uint8: ['UINT8', 'DT_UINT8'],
};

type Values = Float32Array | Uint8Array;
interface Answer {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * A real inference server for tests, written without the product's code: ONNX models behind the Open Inference Protocol
 * v2 and behind TensorFlow Serving's REST interface, with faults on request.
 */
export class ModelServer {
  fault: ServerFault = 'none';
  /** Whether `GET /v2` lists the binary extension, and whether it is taken. */
  listsBinary = true;
  takesBinary = true;
  readonly requests: { readonly url: string; readonly contentType: string; readonly authorization: string }[] = [];
  private readonly sessions = new Map<string, InferenceSession>();
  private readonly server = http.createServer((request, response) => void this.handle(request, response));

  private constructor() {}

  static async start(models: readonly ServedModel[]): Promise<ModelServer> {
    const served = new ModelServer();
    for (const { name, file } of models) served.sessions.set(name, await InferenceSession.create(file));
    await new Promise<void>((resolve) => served.server.listen(0, '127.0.0.1', resolve));
    return served;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends connections that wait for their next request, as servers do. */
  closeIdleConnections(): void {
    this.server.closeIdleConnections();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { url = '', method } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const contentType = request.headers['content-type'] ?? '';
    this.requests.push({ url, contentType, authorization: request.headers.authorization ?? '' });
    const json = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    try {
      if (this.fault === 'down') return json(503, { error: 'starting' });
      if (method === 'GET') return json(200, this.facts(url));
      if (this.faulty(request, response, json)) return;
      const body = Buffer.concat(chunks);
      await (url.startsWith('/v1/') ? this.predict(url, body, response) : this.infer(url, request, body, response));
    } catch (error) {
      json(400, { error: (error as Error).message });
    }
  }

  private faulty(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    json: (status: number, value: unknown) => void,
  ): boolean {
    if (this.fault === 'hang') return true;
    if (this.fault === 'busy') json(429, { error: 'the queue is full' });
    else if (this.fault === 'refusal') json(400, { error: 'unexpected shape for input x' });
    else if (this.fault === 'garbage') response.end('<html>not an inference server</html>');
    else if (this.fault === 'reset') request.socket.destroy();
    else if (this.fault === 'stall') response.write('{"outputs": ');
    else if (this.fault === 'oversize') {
      const chunk = Buffer.alloc(2 ** 20, 32);
      const more = (): void => void (response.destroyed || response.write(chunk, more));
      more();
    } else return false;
    return true;
  }

  private facts(url: string): unknown {
    if (/^\/v2\/health\/|\/ready$/.test(url)) return {};
    if (url === '/v2') {
      return { name: 'model-server', version: '1', extensions: this.listsBinary ? ['binary_tensor_data'] : [] };
    }
    const session = this.sessionOf(url);
    const tensors = (list: readonly InferenceSession.ValueMetadata[]) =>
      list.flatMap((each) =>
        each.isTensor ? [{ ...each, shape: each.shape.map((d) => (typeof d === 'number' ? d : -1)) }] : [],
      );
    const [inputs, outputs] = [tensors(session.inputMetadata), tensors(session.outputMetadata)];
    if (url.startsWith('/v2/')) {
      const facts = (list: typeof inputs) =>
        list.map(({ name, type, shape }) => ({ name, datatype: DATATYPES[type]?.[0], shape }));
      return { name: 'm', versions: ['3'], platform: 'onnx', inputs: facts(inputs), outputs: facts(outputs) };
    }
    if (!url.endsWith('/metadata')) return { model_version_status: [{ version: '3', state: 'AVAILABLE' }] };
    const info = (list: typeof inputs) =>
      Object.fromEntries(
        list.map(({ name, type, shape }) => [
          name,
          {
            dtype: DATATYPES[type]?.[1],
            tensor_shape: { dim: shape.map((size) => ({ size: String(size), name: '' })) },
          },
        ]),
      );
    const signature_def = { serving_default: { inputs: info(inputs), outputs: info(outputs) } };
    return { model_spec: { name: 'm', version: '3' }, metadata: { signature_def: { signature_def } } };
  }

  private async infer(
    url: string,
    request: http.IncomingMessage,
    body: Buffer,
    response: http.ServerResponse,
  ): Promise<void> {
    const given = request.headers['inference-header-content-length'];
    if (given !== undefined && !this.takesBinary) throw new Error('unexpected bytes after the document');
    const headBytes = given === undefined ? body.length : Number(given);
    const head = JSON.parse(body.subarray(0, headBytes).toString()) as {
      inputs: { datatype: string; shape: number[]; data?: unknown[] }[];
      parameters?: { binary_data_output?: boolean };
    };
    const [input] = head.inputs;
    if (!input) throw new Error('no input');
    const Type = input.datatype === 'UINT8' ? Uint8Array : Float32Array;
    const data = input.data
      ? Type.from(input.data.flat(Infinity) as number[])
      : new Type(Uint8Array.from(body.subarray(headBytes)).buffer);
    const { name, dims, data: values } = await this.run(url, data, input.shape);
    const output = { name, datatype: 'FP32', shape: dims };
    if (!head.parameters?.binary_data_output) {
      const text = JSON.stringify({ model_name: 'm', outputs: [{ ...output, data: [...values] }] });
      response.end(text);
      return;
    }
    const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const entry = { ...output, parameters: { binary_data_size: raw.length } };
    const answer = Buffer.from(JSON.stringify({ model_name: 'm', outputs: [entry] }));
    response.setHeader('inference-header-content-length', this.fault === 'header' ? 10 ** 6 : answer.length);
    response.end(Buffer.concat([answer, this.fault === 'short' ? raw.subarray(4) : raw]));
  }

  private async predict(url: string, body: Buffer, response: http.ServerResponse): Promise<void> {
    const { inputs } = JSON.parse(body.toString()) as { inputs: Record<string, unknown[]> };
    const rows = Object.values(inputs)[0] ?? [];
    const shape: number[] = [];
    for (let level: unknown = rows; Array.isArray(level); level = level[0]) shape.push(level.length);
    const session = this.sessionOf(url);
    const [metadata] = session.inputMetadata;
    const flat = rows.flat(Infinity) as number[];
    const data = metadata?.isTensor && metadata.type === 'uint8' ? Uint8Array.from(flat) : Float32Array.from(flat);
    const { dims, data: values } = await this.run(url, data, shape);
    const perRow = values.length / (dims[0] ?? 1);
    const text = Array.from(
      { length: dims[0] ?? 0 },
      (_, i) => `[${values.slice(i * perRow, (i + 1) * perRow).join(', ')}]`,
    );
    // TensorFlow Serving writes NaN and Infinity as they are.
    response.end(this.fault === 'short' ? `{"outputs": [${text}], [1` : `{"outputs": [${text.join(', ')}]}`);
  }

  private async run(url: string, data: Values, dims: readonly number[]): Promise<Answer> {
    const session = this.sessionOf(url);
    const type = data instanceof Uint8Array ? 'uint8' : 'float32';
    const results = await session.run({ x: new Tensor(type, data, dims) });
    const [name, tensor] = Object.entries(results)[0] ?? [];
    if (!name || !tensor) throw new Error('the model gave nothing');
    const values = tensor.data as Float32Array;
    if (this.fault === 'nan') values[0] = NaN;
    return { name, dims: this.fault === 'shape' ? [...tensor.dims, 1] : tensor.dims, data: values };
  }

  private sessionOf(url: string): InferenceSession {
    const name = decodeURIComponent(/^\/v[12]\/models\/([^/:]+)/.exec(url)?.[1] ?? '');
    const session = this.sessions.get(name);
    if (!session) throw new Error(`there is no model ${name}`);
    return session;
  }
}
