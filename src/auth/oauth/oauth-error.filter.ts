import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OauthError } from './oauth.error.js';

/** Answers refusals of the token endpoint as RFC 6749 says; every other error is a problem document like everywhere. */
@Catch(OauthError)
export class OauthErrorFilter implements ExceptionFilter<OauthError> {
  catch({ error, description }: OauthError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const isUnknownClient = error === 'invalid_client';
    if (isUnknownClient) reply.header('WWW-Authenticate', 'Basic realm="maru"');
    reply.status(isUnknownClient ? 401 : 400).send({ error, error_description: description });
  }
}
