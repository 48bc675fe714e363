import type { FastifyReply } from 'fastify';

/** Aborts when the client goes away before it was answered, and at the latest when it has been. */
export function closedSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}
