// `npm run maru -- <command>`: commands of whoever runs the installation.
import { bootstrap } from './bootstrap.mjs';
import { buildIfStale } from './build.mjs';
import { releaseSignals } from './steps.mjs';

await bootstrap();
await buildIfStale();
releaseSignals();
await import('../dist/src/cli.js');
