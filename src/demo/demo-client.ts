import http from 'node:http';

/** An answer of the API, its body parsed. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One server-sent event. */
export interface StreamEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** The demo's client: speaks to this machine's own api process, as any integration would, with a tenant's API key. */
export class DemoClient {
  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  async get(path: string): Promise<Answer> {
    return parsed(await this.send('GET', path));
  }

  /** Submits a job as multipart: part `request` is JSON, part `field` the file. */
  async submit(request: object, field: string, name: string, content: Buffer): Promise<Answer> {
    const form = new FormData();
    form.set('request', new Blob([JSON.stringify(request)], { type: 'application/json' }));
    form.set(field, new Blob([new Uint8Array(content)]), name);
    const body = new Response(form);
    const headers = { 'content-type': body.headers.get('content-type') ?? '' };
    return parsed(await this.send('POST', '/v1/jobs', headers, Buffer.from(await body.arrayBuffer())));
  }

  /** Follows a stream until the server closes it. */
  async *stream(path: string): AsyncGenerator<StreamEvent> {
    const response = await this.send('GET', path, { accept: 'text/event-stream' });
    if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) {
      const blocks = (text + String(chunk)).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('data'))
          yield { event: field('event') || 'message', data: JSON.parse(field('data')) as Record<string, unknown> };
      }
    }
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer,
  ): Promise<http.IncomingMessage> {
    const authorization = `Bearer ${this.apiKey}`;
    return new Promise((resolve, reject) => {
      const request = http.request(
        new URL(path, this.baseUrl),
        { method, headers: { authorization, ...headers } },
        resolve,
      );
      request.setTimeout(120_000, () => request.destroy(new Error(`${path} did not answer`)));
      request.on('error', reject).end(body);
    });
  }
}

async function parsed(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: response.statusCode ?? 0, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
}
