import 'reflect-metadata';
import { exitWithParent } from './supervisor/exit-with-parent.js';
import { standby } from './supervisor/standby.js';

/** Role `worker`: claims jobs, schedules them on this host's devices, records what happened. Serves nothing. */
exitWithParent();
const { createWorker } = await standby('worker', () => import('./worker-process.js'));
await createWorker();
process.send?.({ type: 'ready' });
