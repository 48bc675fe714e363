import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';

/** What `postmaster.pid` says about the server of a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The living server of a cluster directory; null when none lives. Line 1 of the file is the pid, line 4 the port. */
export function livingPostmaster(directory: string): Postmaster | null {
  const lines = readIfThere(path.join(directory, 'postmaster.pid')).split('\n');
  const postmaster = { pid: Number(lines[0]), port: Number(lines[3]) };
  return postmaster.pid > 0 && isAlive(postmaster.pid) ? postmaster : null;
}

/** True while a process runs. A zombie does not: a killed server stays unreaped for up to 2 s. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  const status = readIfThere(`/proc/${pid}/status`);
  return status !== '' && !/^State:\s+Z/m.test(status);
}

/** Ends the server with a fast shutdown; resolves when it is gone. After `timeoutMs` it is killed: the log replays. */
export async function stopPostmaster(directory: string, timeoutMs = 15_000): Promise<void> {
  const postmaster = livingPostmaster(directory);
  if (!postmaster) return;
  signal(postmaster.pid, 'SIGINT');
  for (let waitedMs = 0; isAlive(postmaster.pid); waitedMs += 20) {
    if (waitedMs >= timeoutMs) signal(postmaster.pid, 'SIGKILL');
    await delay(20);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
