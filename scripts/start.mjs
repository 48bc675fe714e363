// `npm start`: from a bare checkout to the running platform, in this very process so that signals arrive directly.
import module from 'node:module';
import path from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';
import { buildIfStale } from './build.mjs';
import { printHelp } from './help.mjs';
import { releaseSignals } from './steps.mjs';

if (process.argv.includes('--help')) printHelp();
else await start();

async function start() {
  await bootstrap();
  await buildIfStale();
  releaseSignals();
  // Compiled code is kept between starts: every process of a warm start loads its modules from there.
  module.enableCompileCache?.(path.join(root, '.data/cache/compiled'));
  await import('../dist/src/supervisor.js');
}
