import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DemoCredentials } from '../../src/demo/demo-credentials.js';
import { freePort, MaruProcess } from './maru-process.js';

/** The built product, running with its demo tenants in a directory of its own. */
export interface RunningMaru {
  readonly baseUrl: string;
  readonly credentials: DemoCredentials;
  readonly process: MaruProcess;
  /** Ctrl-C; removes the directory. */
  stop(): Promise<void>;
}

/** Starts the built supervisor and resolves after its demo jobs. Needs `dist` and `web/dist`. `env` comes on top. */
export async function startMaru(env: Readonly<Record<string, string>> = {}): Promise<RunningMaru> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-running-'));
  fs.chmodSync(dataDir, 0o755);
  const maru = new MaruProcess({ PORT: String(await freePort()), DATA_DIR: dataDir, NODE_ENV: 'development', ...env });
  await maru.announced();
  const credentials = JSON.parse(
    fs.readFileSync(path.join(dataDir, 'demo-credentials.json'), 'utf8'),
  ) as DemoCredentials;
  const stop = async (): Promise<void> => {
    await maru.interrupt();
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
  return { baseUrl: maru.origin, credentials, process: maru, stop };
}
