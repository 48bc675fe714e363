import type { FastifyReply } from 'fastify';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** One year; only ever sent on HTTPS, where browsers keep it. */
const HSTS = 'max-age=31536000';

/** Headers of every HTML page: nothing inline, nothing foreign, nothing stored, one answer per host. */
export function sendPage(reply: FastifyReply, status: number, html: string, isSecure: boolean): void {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    Vary: 'Host',
    ...(isSecure ? { 'Strict-Transport-Security': HSTS } : {}),
  };
  void reply.status(status).headers(headers).send(html);
}
