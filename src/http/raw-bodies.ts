import type { FastifyInstance } from 'fastify';
import { UnsupportedMediaTypeError } from './http.errors.js';
import { JSON_LIMIT_BYTES } from './limits.js';

/** Below this path a body may be an octet stream; it arrives as a Buffer. Everywhere else its type is refused. */
const RAW_PATH = '/v2/';
const RAW_TYPE = 'application/octet-stream';

/**
 * Takes raw bodies where the Open Inference Protocol sends them; one may have at most 1 MiB, as JSON may. Clients of the
 * protocol exist that name no type: there, and only there, such a body is an octet stream (RFC 9110, 8.3).
 */
export function takeRawBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.url.startsWith(RAW_PATH) && request.method === 'POST') request.headers['content-type'] ??= RAW_TYPE;
    done();
  });
  fastify.addContentTypeParser(RAW_TYPE, { parseAs: 'buffer', bodyLimit: JSON_LIMIT_BYTES }, (request, body, done) => {
    if (request.url.startsWith(RAW_PATH)) done(null, body);
    else done(new UnsupportedMediaTypeError('Send application/json, or multipart/form-data to upload.'));
  });
}
