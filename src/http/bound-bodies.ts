import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FairShare } from '../common/fair-share.js';
import { BodyAllowance } from './body-allowance.js';
import { senderOf } from './fair-requests.js';
import { JSON_LIMIT_BYTES } from './limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a request without a body. */
    bodyAllowance: BodyAllowance | null;
  }
}

/**
 * Bounds the request bodies that this process keeps in memory. A body is charged with its declared length before any of
 * it is read; the readers of multipart bodies charge what they keep themselves. Freed when the answer is sent or the
 * connection is lost.
 */
export function boundBodies(fastify: FastifyInstance, maxBodyBytes: number): void {
  const share = new FairShare(maxBodyBytes);
  fastify.decorateRequest('bodyAllowance', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    const length = declaredBytes(request);
    if (length === 0) return done();
    const allowance = new BodyAllowance(share, senderOf(request));
    request.bodyAllowance = allowance;
    reply.raw.once('close', () => allowance.release());
    try {
      if (!isMultipart(request)) allowance.take(length);
    } catch (error) {
      return done(error as Error);
    }
    done();
  });
}

/** Drops a body that nobody needs any more, so that a request that goes on waiting holds no memory for it. */
export function dropBody(request: FastifyRequest): void {
  request.body = undefined;
  request.bodyAllowance?.release();
}

/** A longer JSON body is refused by its length; one without a length is cut off there. */
function declaredBytes({ headers }: FastifyRequest): number {
  const length = headers['content-length'];
  if (length !== undefined) return Math.min(Number(length), JSON_LIMIT_BYTES);
  return headers['transfer-encoding'] === undefined ? 0 : JSON_LIMIT_BYTES;
}

function isMultipart({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.startsWith('multipart/') ?? false;
}
