import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { InvalidInferenceError, RemoteTooSlowError, RemoteUnavailableError } from '../../inference.errors.js';

/** Largest answer that is read. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;
const MAX_MESSAGE_CHARS = 300;

export interface RemoteHttpOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Connections at most. */
  readonly sockets: number;
  /** PEM file of the authorities that sign the server's certificate; null = those of the system. */
  readonly ca: string | null;
  readonly maxAnswerBytes?: number;
}

export interface RemoteRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the base URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly parts?: readonly Uint8Array[];
  readonly limitMs: number;
}

export interface RemoteAnswer {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The server refused the request itself: sending it again gives the same. */
export class RemoteRefusalError extends InvalidInferenceError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Sends requests to one server over kept-alive connections; one limit per request, bounded answers, no redirects. */
export class RemoteHttp {
  private readonly base: string;
  private readonly transport: typeof http | typeof https;
  private readonly agent: http.Agent;

  constructor(private readonly options: RemoteHttpOptions) {
    this.base = options.baseUrl.replace(/\/+$/, '');
    const isSecure = this.base.startsWith('https:');
    this.transport = isSecure ? https : http;
    const settings = { keepAlive: true, maxSockets: options.sockets };
    this.agent = isSecure
      ? new https.Agent({ ...settings, ...(options.ca && { ca: fs.readFileSync(options.ca) }) })
      : new http.Agent(settings);
  }

  /**
   * One request. It is sent again only if the server closed a kept-alive connection before it answered anything; each time
   * takes a connection out of the pool, and a new connection is not tried twice.
   * Throws RemoteUnavailableError (connection, 408, 429, 5xx, limit; it may work later), RemoteRefusalError (any other
   * status) and InvalidInferenceError (too long an answer).
   */
  async send(request: RemoteRequest): Promise<RemoteAnswer> {
    const signal = AbortSignal.timeout(request.limitMs);
    for (;;) {
      try {
        return await this.exchange(request, signal);
      } catch (error) {
        if (!(error instanceof StaleConnectionError)) throw error;
      }
    }
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }

  private exchange(request: RemoteRequest, signal: AbortSignal): Promise<RemoteAnswer> {
    const { method, path, headers = {}, parts = [], limitMs } = request;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    return new Promise((resolve, reject) => {
      const outgoing = this.transport.request(new URL(this.base + path), {
        method,
        agent: this.agent,
        headers: { ...this.options.headers, ...headers, 'content-length': length },
        signal,
      });
      let hasAnswer = false;
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (error instanceof InvalidInferenceError) reject(error);
        else if (signal.aborted) reject(new RemoteTooSlowError(`no answer within ${limitMs} ms`));
        else if (outgoing.reusedSocket && !hasAnswer && error.code === 'ECONNRESET') reject(new StaleConnectionError());
        else reject(new RemoteUnavailableError(error.message || String(error.code), { cause: error }));
      });
      outgoing.on('response', (incoming) => {
        hasAnswer = true;
        this.readAnswer(incoming, (error) => outgoing.destroy(error)).then(
          resolve,
          (error: Error) => outgoing.destroy(error) && reject(outcomeOf(error, signal, limitMs)),
        );
      });
      for (const part of parts) outgoing.write(part);
      outgoing.end();
    });
  }

  private async readAnswer(incoming: http.IncomingMessage, stop: (error: Error) => void): Promise<RemoteAnswer> {
    const { maxAnswerBytes = MAX_ANSWER_BYTES } = this.options;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxAnswerBytes) {
        const error = new InvalidInferenceError(`the answer has more than ${maxAnswerBytes} bytes`);
        stop(error);
        throw error;
      }
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const { statusCode = 0, headers } = incoming;
    if (statusCode >= 200 && statusCode < 300) return { headers, body };
    throw errorOf(statusCode, body);
  }
}

/** The server had closed the connection before it saw the request. */
class StaleConnectionError extends Error {}

function outcomeOf(error: Error, signal: AbortSignal, limitMs: number): Error {
  if (error instanceof InvalidInferenceError || error instanceof RemoteUnavailableError) return error;
  if (signal.aborted) return new RemoteTooSlowError(`no answer within ${limitMs} ms`);
  return new RemoteUnavailableError(`the answer broke off: ${error.message}`, { cause: error });
}

function errorOf(status: number, body: Buffer): Error {
  const message = `${status}: ${messageIn(body)}`;
  if (status === 408 || status === 429 || status >= 500) return new RemoteUnavailableError(message);
  return new RemoteRefusalError(status, message);
}

function messageIn(body: Buffer): string {
  const text = body.toString('utf8');
  try {
    const { error, detail } = JSON.parse(text) as { error?: unknown; detail?: unknown };
    return String(error ?? detail ?? text).slice(0, MAX_MESSAGE_CHARS);
  } catch {
    return text.slice(0, MAX_MESSAGE_CHARS);
  }
}
