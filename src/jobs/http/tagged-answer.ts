import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** Answers with a weak ETag of the content; 304 without a body when the client has it. */
export function taggedAnswer<T>(reply: FastifyReply, body: T, ifNoneMatch: string | undefined): T | undefined {
  const tag = `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16)}"`;
  void reply.header('ETag', tag);
  const known = (ifNoneMatch ?? '').split(',').map((t) => t.trim().replace(/^(?!W\/)/, 'W/'));
  if (!known.includes(tag)) return body;
  void reply.status(304);
  return undefined;
}
