import fs from 'node:fs';
import path from 'node:path';

/** Processes below the supervisor that holds this data directory, with their titles. Linux only. */
export function descendants(dataDir) {
  const root = Number(/\d+/.exec(fs.readFileSync(path.join(dataDir, 'supervisor.pid'), 'utf8'))?.[0]);
  const parents = new Map();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const title = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      parents.set(Number(name), {
        parent: Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]),
        title,
      });
    } catch {
      // it ended while we looked
    }
  }
  const isBelow = (pid) => pid === root || (parents.has(pid) && pid > 1 && isBelow(parents.get(pid).parent));
  return [...parents].filter(([pid]) => pid !== root && isBelow(pid)).map(([pid, { title }]) => ({ pid, title }));
}
