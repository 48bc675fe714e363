import type { FastifyReply, FastifyRequest } from 'fastify';

/** Version of the API that the answers follow. */
export const API_VERSION = '2026-11-01';

const API_PATH = /^\/(v1|oauth|problems|health|\.well-known)(\/|$|\?)/;
const API_CSP = "default-src 'none'; frame-ancestors 'none'";
const DOCS_PATH = /^\/docs(\/|$|\?)/;
/** Swagger UI is served from here alone; it writes style attributes, and its icons are data URIs. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Headers of every answer, and those of the API's paths alone. */
export function addApiHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('X-Request-Id', request.id);
  if (DOCS_PATH.test(request.url)) reply.header('Content-Security-Policy', DOCS_CSP);
  if (!API_PATH.test(request.url)) return;
  reply.headers({ 'Api-Version': API_VERSION, 'Cache-Control': 'no-store', 'Content-Security-Policy': API_CSP });
}
