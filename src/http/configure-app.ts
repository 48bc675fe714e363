import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { SystemClock } from '../common/clock.js';
import type { MaruConfig } from '../config/config.js';
import { AddressLimits } from './address-limits.js';
import { addApiHeaders } from './api-headers.js';
import { boundBodies } from './bound-bodies.js';
import { takeTurns } from './fair-requests.js';
import { MULTIPART_LIMITS } from './limits.js';
import { ProblemFilter } from './problem.filter.js';
import { takeRawBodies } from './raw-bodies.js';
import { RequestValidationPipe } from './request-validation.pipe.js';
import { StandingRefusals } from './standing-refusals.js';

const SUBMIT_PATH = '/v1/jobs';
const YEAR_SECONDS = 31_536_000;

/** Everything global that the API process and the tests share. Call once, before `init` or `listen`. */
export async function configureApp(app: NestFastifyApplication, config: MaruConfig): Promise<void> {
  const isSecure = config.server.publicUrl.startsWith('https:');
  await app.register(cookie);
  await app.register(multipart, { limits: MULTIPART_LIMITS, throwFileSizeLimit: false });
  await app.register(helmet, {
    contentSecurityPolicy: false, // the portal has its own policy; answers of the API get API_CSP
    strictTransportSecurity: isSecure ? { maxAge: YEAR_SECONDS } : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: false, // frame-ancestors rules
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const problems = new ProblemFilter(config.server);
  fastify.addHook('onRequest', (request, reply, done) => {
    addApiHeaders(request, reply);
    done();
  });
  answerEarlyErrors(fastify, problems);
  takeRawBodies(fastify);
  new AddressLimits(config.limits).register(fastify);
  new StandingRefusals(new SystemClock(), 'POST', SUBMIT_PATH).register(fastify);
  boundBodies(fastify, config.limits.maxBodyBytes);
  takeTurns(fastify, 'POST', SUBMIT_PATH);
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(problems);
  app.enableShutdownHooks();
}

/**
 * Errors before a controller (broken JSON, a body over the limit) go to the error handler that a route has when it is
 * made; Nest installs its own after the routes, too late for them.
 */
function answerEarlyErrors(fastify: FastifyInstance, problems: ProblemFilter): void {
  fastify.addHook('onRoute', (route) => {
    route.errorHandler ??= (error, request, reply) => problems.answer(error, request, reply);
  });
}
