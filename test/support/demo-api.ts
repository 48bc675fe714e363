import { until } from './signals.js';

/** A job, or the problem that stands in its place. */
export interface JobBody {
  readonly id: string;
  readonly status: string;
  readonly code?: string;
  readonly finishedAt: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly result: { readonly kind: string; readonly data: unknown } | null;
}
/** A transition of a timeline, as far as tests look. */
export interface TransitionBody {
  readonly seq: number;
  readonly type: string;
  readonly stage: string | null;
  readonly execution: unknown;
}
/** A server-sent event. */
export interface EventBody {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}
/** An answer about one job. */
export interface JobAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JobBody;
}

/** A tenant's integration against a running Maru, with its API key. */
export class DemoApi {
  constructor(
    private readonly baseUrl: string,
    private readonly apiKey: string,
  ) {}

  submit(request: object, headers: Record<string, string> = {}): Promise<JobAnswer> {
    const body = JSON.stringify(request);
    return this.call('/v1/jobs', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  }

  /** Multipart submission; waits as `headers` say. Throws on a problem. */
  async submitFile(
    analyzer: string,
    field: string,
    name: string,
    content: Buffer,
    headers: Record<string, string> = {},
  ): Promise<JobBody> {
    const form = new FormData();
    form.set('request', new Blob([JSON.stringify({ analyzer, input: {} })], { type: 'application/json' }));
    form.set(field, new Blob([new Uint8Array(content)]), name);
    const { status, body } = await this.call('/v1/jobs', { method: 'POST', body: form, headers });
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Uploads a file; returns its id. */
  async upload(name: string, content: Buffer): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(content)]), name);
    return (await this.call('/v1/files', { method: 'POST', body: form })).body.id;
  }

  get(id: string): Promise<JobAnswer> {
    return this.call(`/v1/jobs/${id}`, {});
  }

  /** Waits for the end; survives the death of the api in between. */
  ended(id: string): Promise<JobBody> {
    return until(
      async () => {
        const { status, body } = await this.call(`/v1/jobs/${id}?wait=20`, {});
        return status === 200 && body.finishedAt !== null && body;
      },
      { timeoutMs: 120_000, intervalMs: 100, what: `${id} to end` },
    );
  }

  async timeline(id: string): Promise<TransitionBody[]> {
    const response = await fetch(`${this.baseUrl}/v1/jobs/${id}/timeline`, { headers: this.headers({}) });
    return ((await response.json()) as { data: TransitionBody[] }).data;
  }

  /** All events until the server closes the stream. */
  async stream(id: string, headers: Record<string, string>): Promise<EventBody[]> {
    const response = await fetch(`${this.baseUrl}/v1/jobs/${id}/stream`, { headers: this.headers(headers) });
    const blocks = (await response.text()).split('\n\n').filter((block) => /^data:/m.test(block));
    const field = (block: string, name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
    return blocks.map((b) => ({ id: field(b, 'id'), event: field(b, 'event'), data: JSON.parse(field(b, 'data')) }));
  }

  async streamStatus(id: string, headers: Record<string, string>): Promise<number> {
    return (await fetch(`${this.baseUrl}/v1/jobs/${id}/stream`, { headers: this.headers(headers) })).status;
  }

  private async call(path: string, init: RequestInit): Promise<JobAnswer> {
    const headers = this.headers((init.headers ?? {}) as Record<string, string>);
    const response = await fetch(this.baseUrl + path, { ...init, headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as JobBody };
  }

  private headers(more: Record<string, string>): Record<string, string> {
    return { authorization: `Bearer ${this.apiKey}`, ...more };
  }
}
