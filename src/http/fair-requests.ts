import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FairTurns } from '../common/fair-turns.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Lets the next request begin; null for one that needs no turn. */
    passTurn: (() => void) | null;
  }
}

/**
 * Requests of one kind that are worked on at a time: enough that one may wait for the disk, and few enough that one which
 * goes next is soon through, however many another sender has open. On a busy machine every step of a request waits for a
 * step of all others: beside a flood, 16 made the median of another tenant's submits twice what 2 did, at the same rate.
 */
const AT_A_TIME = 3;
/** Made once: an abort without a reason makes an error with a stack for each request. */
const GONE = new Error('the client is gone');

/**
 * Senders take turns at one route. A turn begins when the body has been read, so that a slow sender holds none, and ends
 * with `passTurn`, with the answer or with the connection. Without this the loop would serve whoever has more requests open.
 */
export function takeTurns(fastify: FastifyInstance, method: string, path: string): void {
  const turns = new FairTurns(Array.from({ length: AT_A_TIME }, (_, slot) => slot));
  fastify.decorateRequest('passTurn', null);
  fastify.addHook('preValidation', async (request, reply) => {
    if (request.method !== method || request.routeOptions.url !== path) return undefined;
    const left = new AbortController();
    reply.raw.once('close', () => left.abort(GONE));
    if (request.raw.socket.destroyed) left.abort(GONE); // then `close` came before us
    const slot = await turns.take({ holder: senderOf(request) }, left.signal).catch(() => null);
    if (slot === null) return reply.hijack(); // nobody is there to be answered
    let isPassed = false;
    request.passTurn = () => {
      if (!isPassed) turns.give(slot);
      isPassed = true;
    };
    if (left.signal.aborted) request.passTurn();
    else left.signal.addEventListener('abort', request.passTurn, { once: true });
    return undefined;
  });
  fastify.addHook('onResponse', async (request) => request.passTurn?.());
}

/** What is left to do for this request costs nobody else: waiting for a commit, or for a job. */
export function passTurn(request: FastifyRequest): void {
  request.passTurn?.();
}

/** Nobody is authenticated yet: the credential as it was sent, else the address, tells one sender from another. */
export function senderOf({ headers, ip }: FastifyRequest): string {
  return headers.authorization ?? headers.cookie ?? ip;
}
