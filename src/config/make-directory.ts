import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a directory and those above it. Node's own recursive mkdir never returns below a place that answers ENOENT to
 * every mkdir, such as /proc; this one throws there.
 */
export function makeDirectory(directory: string): void {
  if (fs.existsSync(directory)) return;
  const above = path.dirname(directory);
  if (above !== directory) makeDirectory(above);
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
