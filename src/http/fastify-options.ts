import type { FastifyServerOptions } from 'fastify';
import type { MaruConfig } from '../config/config.js';
import { JSON_LIMIT_BYTES } from './limits.js';
import { requestIdOf } from './request-id.js';

/**
 * Options of the Fastify adapter. `trustProxy` stays off: addresses come from the socket. `return503OnClosing` is off
 * so that late requests are still served while the process drains; readiness tells the load balancer.
 */
export function fastifyOptions(_config: MaruConfig): FastifyServerOptions {
  return {
    bodyLimit: JSON_LIMIT_BYTES,
    requestIdHeader: false,
    genReqId: requestIdOf,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
  };
}
