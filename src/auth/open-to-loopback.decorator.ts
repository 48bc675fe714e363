import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** Metadata key of routes that this machine may call without a credential. */
export const OPEN_TO_LOOPBACK = 'maru:open-to-loopback';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Besides the declared permission: no credential is needed from this machine, for example by a metrics scraper. */
export function OpenToLoopback(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(OPEN_TO_LOOPBACK, true), ApiSecurity({}));
}

/** True for a client on this machine. A proxy here connects from loopback too, but says for whom: that is no client. */
export function isFromLoopback({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return LOOPBACK.has(socket.remoteAddress ?? '') && !isForwarded;
}
