import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { senderOf } from './fair-requests.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Lets this refusal stand for what the sender sends next; null where each request is looked at. */
    keepRefusal: ((error: DomainError, reply: FastifyReply) => void) | null;
  }
}

/** How long a refusal stands, ms: far less than any `Retry-After`, so that only who ignores that meets it. */
const STANDS_MS = 250;
/** Senders that are remembered at once. */
const MAX_SENDERS = 10_000;
const LIMIT_HEADERS = ['ratelimit-policy', 'ratelimit'] as const;

interface Refusal {
  readonly error: DomainError;
  readonly headers: readonly (readonly [string, unknown])[];
  readonly untilMs: number;
}

/**
 * A sender whose limit is used up and who does not wait is told the same again before anything of the request is
 * read: authenticating and checking each one would be paid for by all others. Whatever else the sender changes, such as a cancel that makes room, ends the refusal at once.
 */
export class StandingRefusals {
  private readonly bySender = new Map<string, Refusal>();

  constructor(
    private readonly clock: Clock,
    private readonly method: string,
    private readonly path: string,
  ) {}

  register(fastify: FastifyInstance): void {
    fastify.decorateRequest('keepRefusal', null);
    fastify.addHook('onRequest', (request, reply, done) => done(this.standing(request, reply)));
  }

  private standing(request: FastifyRequest, reply: FastifyReply): DomainError | undefined {
    if (request.method === 'GET') return undefined;
    const sender = senderOf(request);
    if (request.method !== this.method || request.routeOptions.url !== this.path) this.bySender.delete(sender);
    else if (this.isPlain(request)) {
      const refusal = this.bySender.get(sender);
      if (refusal && refusal.untilMs > this.clock.monotonic()) {
        for (const [name, value] of refusal.headers) reply.header(name, value);
        return refusal.error;
      }
      request.keepRefusal = (error, refused) => this.keep(sender, error, refused);
    }
    return undefined;
  }

  /** One with a key may be the repetition of one that was accepted; one with a query asks for something else. */
  private isPlain({ headers, url }: FastifyRequest): boolean {
    return headers['idempotency-key'] === undefined && !url.includes('?');
  }

  private keep(sender: string, error: DomainError, reply: FastifyReply): void {
    this.bySender.delete(sender); // the newest are last
    const [oldest] = this.bySender.keys();
    if (oldest !== undefined && this.bySender.size >= MAX_SENDERS) this.bySender.delete(oldest);
    const headers = LIMIT_HEADERS.flatMap((name) =>
      reply.hasHeader(name) ? [[name, reply.getHeader(name)] as const] : [],
    );
    this.bySender.set(sender, { error, headers, untilMs: this.clock.monotonic() + STANDS_MS });
  }
}

/** To be told of every refusal: that of a limit which waiting opens again stands for a while. */
export function keepRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const isLimit = error instanceof DomainError && error.code === 'quota-exceeded' && error.retryable;
  if (isLimit) request.keepRefusal?.(error, reply);
}
