import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'maru-';
/** Memory first; the temp directory where /dev/shm is missing or too small (containers often give it 64 MB). */
const ROOTS = ['/dev/shm', os.tmpdir()];
/** Free space asked for beyond the arena itself. */
const HEADROOM = 1.25;

/**
 * Makes an empty private directory with room for `bytes`, named after this process.
 * Throws when no place has the room.
 */
export function createArenaDirectory(bytes: number, roots: readonly string[] = ROOTS): string {
  const refusals: string[] = [];
  for (const root of roots) {
    try {
      const { bavail, bsize } = fs.statfsSync(root);
      if (bavail * bsize >= bytes * HEADROOM) return fs.mkdtempSync(path.join(root, `${PREFIX}${process.pid}-`));
      refusals.push(`${root} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB free`);
    } catch (error) {
      refusals.push(`${root}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `No room for a tensor arena of ${Math.ceil(bytes / 2 ** 20)} MiB (${refusals.join('; ')}). ` +
      'Lower INFERENCE_ARENA_MIB or give /dev/shm more space.',
  );
}

/** Removes what processes that no longer exist have left behind; returns how many directories that were. */
export function sweepArenaDirectories(roots: readonly string[] = ROOTS): number {
  let removed = 0;
  for (const root of new Set(roots)) {
    for (const name of namesIn(root)) {
      const pid = Number(/^maru-(\d+)-/.exec(name)?.[1] ?? 0);
      if (pid === 0 || pid === process.pid || isAlive(pid)) continue;
      fs.rmSync(path.join(root, name), { recursive: true, force: true });
      removed++;
    }
  }
  return removed;
}

function namesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
