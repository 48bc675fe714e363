// Processes as /proc shows them. Linux only.
import fs from 'node:fs';

/** A process and all below it: `{ pid, title }`, without zombies. */
export function processesBelow(rootPid) {
  const all = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const found = new Set([rootPid]);
  for (const pid of found) for (const p of all) if (p.parent === pid) found.add(p.pid);
  return all.filter(({ pid, state }) => found.has(pid) && state !== 'Z').map(({ pid, title }) => ({ pid, title }));
}

/** Sends a signal; false when the process is gone. */
export function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

function readProcess(name) {
  try {
    const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const title = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [{ pid: Number(name), parent: Number(parent), state, title }];
  } catch {
    return [];
  }
}
