import type { DynamicModule, Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { configureApp } from '../../src/http/configure-app.js';
import { fastifyOptions } from '../../src/http/fastify-options.js';
import { HttpLayerModule } from '../../src/http/http.module.js';

/** The given rooms behind the real HTTP layer, on the database of this test file. The caller closes it. */
export async function httpApp(...rooms: (Type | DynamicModule)[]): Promise<NestFastifyApplication> {
  const config = loadConfig();
  const imports = [
    ConfigModule.forRoot(config),
    DatabaseModule.forRoot({ appConnections: 5 }),
    HttpLayerModule,
    ...rooms,
  ];
  const module = await Test.createTestingModule({ imports }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(fastifyOptions(config)));
  await configureApp(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
