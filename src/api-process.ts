import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import type { MaruConfig } from './config/config.js';
import { RedactingLogger } from './common/redacting-logger.js';
import { logLevels } from './config/log-levels.js';
import { configureApp } from './http/configure-app.js';
import { fastifyOptions } from './http/fastify-options.js';
import { openApiDocument } from './openapi.js';

/** The API application, configured and documented but not listening: for main, tests and the committed document. */
export async function createApi(config: MaruConfig): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config),
    new FastifyAdapter({ ...fastifyOptions(config) }),
    { logger: new RedactingLogger(logLevels(config.server.logLevel)), abortOnError: false },
  );
  await configureApp(app, config);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Maru API',
    swaggerOptions: { persistAuthorization: true, docExpansion: 'list' },
  });
  return app;
}
