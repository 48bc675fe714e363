import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SystemClock } from '../common/clock.js';
import type { ServerConfig } from '../config/config.js';
import { type ProblemContext, problemDocument } from './problem-document.js';
import { problemOf } from './problem-of.js';
import { problemType } from './problem-types.js';
import { keepRefusal } from './standing-refusals.js';
import { ThrottledLog } from './throttled-log.js';
import { traceIdOf } from './trace-context.js';

/** Answers every error of every route as `application/problem+json`. Errors that nobody foresaw are logged, not shown. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');
  private readonly refusals = new ThrottledLog((line) => this.logger.warn(line), new SystemClock());

  constructor(private readonly server: Pick<ServerConfig, 'publicUrl'>) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for errors that Fastify meets before a controller. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    const { status } = problemType(problem.slug);
    if (status >= 500) this.log(error, request, status);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.end(); // a stream broke off: too late for another answer
      return;
    }
    keepRefusal(error, request, reply);
    if (problem.retryAfter !== null) reply.header('Retry-After', problem.retryAfter);
    if (status === 401) reply.header('WWW-Authenticate', challenge(request));
    const body = Buffer.from(JSON.stringify(problemDocument(problem, this.contextOf(request)))); // Fastify adds a charset to a string
    reply.status(status).header('Content-Type', 'application/problem+json').send(body);
  }

  private contextOf(request: FastifyRequest): ProblemContext {
    return {
      publicUrl: this.server.publicUrl,
      instance: request.url.split('?', 1)[0]!,
      requestId: request.id,
      traceId: traceIdOf(request.headers.traceparent),
    };
  }

  private log(error: unknown, request: FastifyRequest, status: number): void {
    const line = `${request.method} ${request.url.split('?', 1)[0]} -> ${status} (request ${request.id})`;
    if (status === 503) this.refusals.add(`${line}: ${error instanceof Error ? error.message : String(error)}`);
    else this.logger.error(line, error instanceof Error ? error.stack : String(error));
  }
}

function challenge(request: FastifyRequest): string {
  const failed = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  return `Bearer realm="maru"${failed}`;
}
