import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { childEnvironment } from '../../config/child-environment.js';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import { programOf } from './native-binaries.js';
import type { ServerAccount } from './server-account.js';

/** What every PostgreSQL program is started with. */
export function programOptions(account: ServerAccount) {
  return { ...account, cwd: '/', env: childEnvironment({ LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' }) };
}

/** What a new cluster is made with. */
export interface ClusterOptions {
  readonly directory: string;
  readonly password: string;
  readonly account: ServerAccount;
  readonly binaries: string;
  readonly initdbFlags: readonly string[];
}

/**
 * Makes the cluster where there is none. It is made under another name and renamed, so that an interrupted
 * initialisation never looks like a finished one.
 */
export async function initializeCluster(options: ClusterOptions): Promise<void> {
  const { directory, account } = options;
  if (fs.existsSync(path.join(directory, 'PG_VERSION'))) return;
  const partial = `${directory}.init`;
  const passwordFile = `${directory}.password`;
  for (const leftover of [partial, passwordFile]) fs.rmSync(leftover, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true, mode: 0o700 });
  fs.writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600, flag: 'wx' });
  if (account.uid !== undefined)
    for (const file of [partial, passwordFile]) fs.chownSync(file, account.uid, account.gid);
  try {
    await runInitdb(options, partial, passwordFile);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  fs.renameSync(partial, directory);
}

/** The builtin C.UTF-8 locale needs no locale of the machine and initialises twice as fast as the library's. */
function runInitdb(options: ClusterOptions, target: string, passwordFile: string): Promise<void> {
  const flags = [
    '-D',
    target,
    '-U',
    'postgres',
    `--pwfile=${passwordFile}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--no-locale',
  ];
  flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions', ...options.initdbFlags);
  return new Promise((resolve, reject) => {
    const child = spawn(programOf(options.binaries, 'initdb'), flags, programOptions(options.account));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new EmbeddedPostgresError(`initdb ended with ${code ?? signal}: ${output.slice(-2000).trim()}`));
    });
  });
}
