import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PayloadTooLargeError, UnsupportedMediaTypeError } from './http.errors.js';
import { JSON_LIMIT_BYTES } from './limits.js';

/** Below this path a body may be an octet stream; it arrives as a Buffer. */
const WHOLE_PATH = '/v2/';
/** What is put below this path arrives as a stream: it never lies in memory. */
const STREAM_PATH = '/v1/uploads/';
const RAW_TYPE = 'application/octet-stream';

/**
 * Takes raw bodies where the Open Inference Protocol sends them (one may have at most 1 MiB, as JSON may) and where parts
 * of uploads arrive; everywhere else their type is refused. Clients of the protocol exist that name no type: there, and
 * only there, such a body is an octet stream (RFC 9110, 8.3).
 */
export function takeRawBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.url.startsWith(WHOLE_PATH) && request.method === 'POST') request.headers['content-type'] ??= RAW_TYPE;
    done();
  });
  fastify.addContentTypeParser(RAW_TYPE, async (request: FastifyRequest, payload: IncomingMessage) => {
    if (request.url.startsWith(WHOLE_PATH)) return wholeOf(payload);
    if (request.url.startsWith(STREAM_PATH) && request.method === 'PUT') return payload;
    throw new UnsupportedMediaTypeError('Send application/json, or multipart/form-data to upload.');
  });
}

/** @throws PayloadTooLargeError; the rest of the body is discarded by the server once it has answered */
async function wholeOf(payload: IncomingMessage): Promise<Buffer> {
  if (Number(payload.headers['content-length'] ?? 0) > JSON_LIMIT_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > JSON_LIMIT_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): PayloadTooLargeError {
  return new PayloadTooLargeError(`The body may have at most ${JSON_LIMIT_BYTES / 2 ** 20} MiB.`);
}
