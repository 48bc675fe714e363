import 'reflect-metadata';
import { loadConfig } from './config/config.js';
import { exitWithParent } from './supervisor/exit-with-parent.js';
import { standby } from './supervisor/standby.js';

/** Role `api`: HTTP. Any number may run beside each other. */
exitWithParent();
const { createApi } = await standby('api', () => import('./api-process.js'));
const config = loadConfig();
const app = await createApi(config);
await app.listen({ port: config.server.port, host: config.server.host });
process.send?.({ type: 'ready' });
