import type { FastifyServerOptions } from 'fastify';
import type { MaruConfig } from '../config/config.js';
import { addApiHeaders } from './api-headers.js';
import { answerBrokenRequest } from './broken-request.js';
import { publicPolicy } from './address-limits.js';
import { showLimits } from './limit-state.js';
import { JSON_LIMIT_BYTES } from './limits.js';
import { ProblemFilter } from './problem.filter.js';
import { requestIdOf } from './request-id.js';

/**
 * Options of the Fastify adapter. `trustProxy` stays off: addresses come from the socket. `return503OnClosing` is off
 * so that late requests are still served while the process drains; readiness tells the load balancer.
 */
export function fastifyOptions({ server, limits }: MaruConfig): FastifyServerOptions {
  const problems = new ProblemFilter(server);
  return {
    bodyLimit: JSON_LIMIT_BYTES,
    requestIdHeader: false,
    genReqId: requestIdOf,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, server.publicUrl),
    // Errors of the router itself run no hooks.
    frameworkErrors: (error, request, reply) => {
      addApiHeaders(request, reply);
      showLimits(reply, [{ ...publicPolicy(limits), left: null, resetMs: null }]);
      problems.answer(error, request, reply);
    },
  };
}
