import { maxHeaderSize } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DomainError } from '../common/domain-error.js';
import { newUuid } from '../common/ids.js';
import { MalformedRequestError, PayloadTooLargeError } from './http.errors.js';
import { problemDocument } from './problem-document.js';
import { problemOf } from './problem-of.js';
import { problemType } from './problem-types.js';

/** Answers bytes that are no HTTP request: they reach no route, so nothing else can. Closes the connection. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, publicUrl: string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const problem = problemOf(faultOf(error.code));
  const { status, title } = problemType(problem.slug);
  const context = { publicUrl, instance: '/', requestId: newUuid(), traceId: null };
  const body = JSON.stringify(problemDocument(problem, context));
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${context.requestId}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy(error));
}

function faultOf(code: string | undefined): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new PayloadTooLargeError(`The address and the headers together may have at most ${maxHeaderSize} bytes.`);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new MalformedRequestError('The request did not arrive in time. Send it again, without pauses.');
  }
  return new MalformedRequestError(
    'This is not an HTTP/1.1 request: its request line, a header or its length is wrong.',
  );
}
