import type http from 'node:http';
import { OutboundRequestError } from './outbound.errors.js';

/** The whole body of an answer; rejects at the first byte above the limit. The body is not decompressed: a small one stays small. */
export async function readBody(incoming: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) {
    incoming.destroy();
    throw new OutboundRequestError('too_large');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      incoming.destroy();
      throw new OutboundRequestError('too_large');
    }
    chunks.push(chunk);
  }
  if (!incoming.complete) throw new OutboundRequestError('broken');
  return Buffer.concat(chunks);
}
