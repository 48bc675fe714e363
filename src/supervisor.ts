import { SystemClock } from './common/clock.js';
import { loadConfig, type MaruConfig } from './config/config.js';
import { InvalidEnvironmentError } from './config/env.dto.js';
import { EmbeddedPostgresError } from './database/embedded/embedded-postgres.errors.js';
import { notWritable, SUPERVISOR_TITLE } from './supervisor/data-directory-lock.js';
import { Maru } from './supervisor/maru.js';
import { StartRefusedError } from './supervisor/start-refused.error.js';
import { stopOnSignals } from './supervisor/stop-on-signals.js';

/** Role `all`: what `npm start` runs. */
async function main(): Promise<void> {
  process.title = SUPERVISOR_TITLE;
  let maru: Maru | null = null;
  try {
    maru = new Maru(readConfig(), new SystemClock());
    stopOnSignals(maru);
    await maru.start();
  } catch (error) {
    if (maru?.isStopping) return;
    process.stderr.write(`${reason(error)}\n`);
    await maru?.stop();
    process.exit(1);
  }
}

/** Reading makes the master key on first use, so a data directory that cannot be written shows here first. */
function readConfig(): MaruConfig {
  try {
    return loadConfig();
  } catch (error) {
    const { path, code } = error as NodeJS.ErrnoException;
    throw path && code ? notWritable(path.replace(/[\\/]master\.key$/, ''), error) : error;
  }
}

/** What a person can act on is one sentence; anything else keeps its stack. */
function reason(error: unknown): string {
  if (error instanceof InvalidEnvironmentError) return `Maru cannot start with this environment:\n${error.message}`;
  if (error instanceof StartRefusedError || error instanceof EmbeddedPostgresError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await main();
