import fs from 'node:fs';
import path from 'node:path';
import { makeDirectory } from '../config/make-directory.js';
import { isAlive } from '../database/embedded/postmaster.js';
import { StartRefusedError } from './start-refused.error.js';

/** Title of the supervisor's process. */
export const SUPERVISOR_TITLE = 'maru supervisor';

/** Keeps a second supervisor away from a data directory: the first one's stop would take the database from under it. */
export class DataDirectoryLock {
  private readonly file: string;

  constructor(private readonly dataDir: string) {
    this.file = path.join(dataDir, 'supervisor.pid');
  }

  /** True when a predecessor died without a stop; its roles may need seconds to notice. */
  wasLeftBehind(): boolean {
    const owner = this.owner();
    return owner !== null && !isSupervisor(owner);
  }

  /** Takes the lock. Throws StartRefusedError when the directory cannot be written or another supervisor uses it. */
  take(): void {
    const owner = this.owner();
    if (owner !== null && owner !== process.pid && isSupervisor(owner)) {
      throw new StartRefusedError(
        `Maru already runs on ${this.dataDir} (process ${owner}): stop it first, or give this one another DATA_DIR and PORT.`,
      );
    }
    try {
      makeDirectory(this.dataDir);
      fs.writeFileSync(this.file, `${process.pid}\n`);
    } catch (error) {
      throw notWritable(this.dataDir, error);
    }
  }

  release(): void {
    if (this.owner() === process.pid) fs.rmSync(this.file, { force: true });
  }

  private owner(): number | null {
    try {
      return Number(fs.readFileSync(this.file, 'utf8')) || null;
    } catch {
      return null;
    }
  }
}

/** The sentence for a data directory that cannot be used. */
export function notWritable(dataDir: string, cause: unknown): StartRefusedError {
  const { code } = cause as NodeJS.ErrnoException;
  return new StartRefusedError(
    `Maru cannot write to its data directory ${dataDir} (${code}): make it writable, or set DATA_DIR to a directory that is.`,
    { cause },
  );
}

/** On Linux the title tells our kind from a stranger that got the old number; elsewhere a living process counts. */
function isSupervisor(pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(SUPERVISOR_TITLE);
  } catch {
    return false;
  }
}
