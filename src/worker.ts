import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from './config/config.js';
import { logLevels } from './config/log-levels.js';
import { exitWithParent } from './supervisor/exit-with-parent.js';
import { WorkerModule } from './worker.module.js';

/** Role `worker`: claims jobs, schedules them on this host's devices, records what happened. Serves nothing. */
process.title = 'maru worker';
exitWithParent();
const config = loadConfig();
const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), {
  logger: logLevels(config.server.logLevel),
  abortOnError: false,
});
app.enableShutdownHooks();
process.send?.({ type: 'ready' });
