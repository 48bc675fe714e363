import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '../../src/api-process.js';
import { loadConfig } from '../../src/config/config.js';

/** A listening API on the database of this test file; the caller closes it. */
export interface RunningApi {
  readonly app: NestFastifyApplication;
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** Starts the real API on a free port of the loopback. */
export async function startApi(): Promise<RunningApi> {
  const app = await createApi(loadConfig());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, baseUrl: await app.getUrl(), stop: () => app.close() };
}
