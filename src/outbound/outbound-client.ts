import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { Injectable } from '@nestjs/common';
import { OutboundConfig } from '../config/config.js';
import { HostResolver, type ResolvedAddress } from './host-resolver.js';
import { OutboundRequestError, UnsafeUrlError } from './outbound.errors.js';
import { type OutboundUrl, outboundUrl } from './outbound-url.js';
import { isPublicAddress } from './public-address.js';
import { readBody } from './read-body.js';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 64 * 1024;

/** A request to somewhere outside. */
export interface OutboundRequest {
  readonly url: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** From the resolution of the name to the last byte. Default 10 s. */
  readonly timeoutMs?: number;
  /** Of the answer's body, as it comes. Default 64 KiB. */
  readonly maxResponseBytes?: number;
}

/** What came back; every status is an answer, a redirect too: nobody follows it. */
export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<http.IncomingHttpHeaders>;
  readonly body: Buffer;
  readonly durationMs: number;
}

/**
 * The one way out: webhooks, files of inputs, remote runtimes. Resolves a name once, refuses it unless every address is
 * public, and connects to the address that it has judged, so that a name that changes its mind reaches nothing. No
 * redirects, no proxies, no connection is used twice.
 */
@Injectable()
export class OutboundClient {
  private readonly allowed: ReadonlySet<string>;

  constructor(
    config: OutboundConfig,
    private readonly resolver: HostResolver,
  ) {
    this.allowed = new Set(config.allow);
  }

  /** For an address that is only stored now: judges its form and what it resolves to. @throws UnsafeUrlError, OutboundRequestError */
  async check(url: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
    await this.addressOf(outboundUrl(url, this.allowed), AbortSignal.timeout(timeoutMs));
  }

  /** @throws UnsafeUrlError when it may not go there, OutboundRequestError when no whole answer came back */
  async send(request: OutboundRequest): Promise<OutboundAnswer> {
    const target = outboundUrl(request.url, this.allowed);
    const startedMs = performance.now();
    const signal = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const address = await this.addressOf(target, signal);
    const answer = await exchange(target, address, request, signal);
    return { ...answer, durationMs: performance.now() - startedMs };
  }

  private async addressOf(target: OutboundUrl, signal: AbortSignal): Promise<ResolvedAddress> {
    const found = await resolved(this.resolver, target.hostname, signal);
    if (!target.isAllowed && !found.every(({ address }) => isPublicAddress(address))) throw new UnsafeUrlError();
    return found[0]!;
  }
}

async function resolved(resolver: HostResolver, hostname: string, signal: AbortSignal): Promise<ResolvedAddress[]> {
  const family = net.isIP(hostname);
  if (family !== 0) return [{ address: hostname, family: family === 6 ? 6 : 4 }]; // of the allow-list
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new OutboundRequestError('timeout')), { once: true });
  });
  const found = await Promise.race([
    resolver.resolve(hostname).catch(() => {
      throw new OutboundRequestError('unresolved');
    }),
    aborted,
  ]);
  if (found.length === 0) throw new OutboundRequestError('unresolved');
  return found;
}

function exchange(
  { url, hostname, port }: OutboundUrl,
  { address, family }: ResolvedAddress,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<Omit<OutboundAnswer, 'durationMs'>> {
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const options: https.RequestOptions = {
    method: request.method ?? 'GET',
    hostname,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { ...request.headers, Host: url.host, ...(body ? { 'Content-Length': body.length } : {}) },
    servername: net.isIP(hostname) === 0 ? hostname : '',
    agent: false,
    signal,
    // The address was judged: nobody resolves the name again.
    lookup: (_name, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? https.request : http.request;
    const outgoing = send(options, (incoming) => {
      readBody(incoming, request.maxResponseBytes ?? DEFAULT_MAX_BYTES).then(
        (content) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: content }),
        (error: unknown) => reject(failureOf(error, signal)),
      );
    });
    outgoing.on('error', (error) => reject(failureOf(error, signal)));
    outgoing.end(body);
  });
}

function failureOf(error: unknown, signal: AbortSignal): OutboundRequestError {
  if (error instanceof OutboundRequestError) return error;
  if (signal.aborted) return new OutboundRequestError('timeout');
  const code = String((error as NodeJS.ErrnoException).code);
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM)$/.test(code)) {
    return new OutboundRequestError('unreachable');
  }
  return new OutboundRequestError(/CERT|TLS|SSL|EPROTO|SELF_SIGNED|UNABLE_TO/.test(code) ? 'tls' : 'broken');
}
