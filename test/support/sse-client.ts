/** A message of an event stream. */
export interface SseMessage {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** A client of an event stream over HTTP. */
export class SseClient {
  readonly messages: SseMessage[] = [];
  /** Resolves when the server has ended the stream, or the client has. */
  readonly ended: Promise<void>;
  private readonly client = new AbortController();

  private constructor(
    readonly response: Response,
    client: AbortController,
  ) {
    this.client = client;
    this.ended = this.read().catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string>): Promise<SseClient> {
    const client = new AbortController();
    const accept = { accept: 'text/event-stream' };
    return new SseClient(await fetch(url, { headers: { ...accept, ...headers }, signal: client.signal }), client);
  }

  close(): void {
    this.client.abort();
  }

  private async read(): Promise<void> {
    let text = '';
    for await (const chunk of this.response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const line = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (line('event')) this.messages.push({ event: line('event'), id: line('id'), data: line('data') });
      }
    }
  }
}
