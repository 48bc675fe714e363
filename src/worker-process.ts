import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from './config/config.js';
import { RedactingLogger } from './common/redacting-logger.js';
import { logLevels } from './config/log-levels.js';
import { WorkerModule } from './worker.module.js';

/** The worker, at work. */
export async function createWorker(): Promise<INestApplicationContext> {
  const config = loadConfig();
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), {
    logger: new RedactingLogger(logLevels(config.server.logLevel)),
    abortOnError: false,
  });
  return app.enableShutdownHooks();
}
