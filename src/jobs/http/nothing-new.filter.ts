import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** A stream that has nothing to send, now or ever. */
export class NothingNewError extends Error {}

/** Answers it with 204, on which an EventSource stops reconnecting. */
@Catch(NothingNewError)
export class NothingNewFilter implements ExceptionFilter<NothingNewError> {
  catch(_error: NothingNewError, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().status(204).send();
  }
}
