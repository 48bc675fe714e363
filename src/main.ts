import 'reflect-metadata';
import { createApi } from './api-process.js';
import { loadConfig } from './config/config.js';
import { exitWithParent } from './supervisor/exit-with-parent.js';

/** Role `api`: HTTP. Any number may run beside each other. */
process.title = 'maru api';
exitWithParent();
const config = loadConfig();
const app = await createApi(config);
await app.listen({ port: config.server.port, host: config.server.host });
process.send?.({ type: 'ready' });
