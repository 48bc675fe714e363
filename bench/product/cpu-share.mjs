import fs from 'node:fs';

const NS_PER_MS = 1e6;

/**
 * CPU time that processes got and waited for while they could have run, from /proc/<pid>/schedstat of their main threads:
 * on a busy host every latency holds such waits. Linux only.
 * @param processes gives `{ pid, role }` of the living
 * @returns a function that gives `{ role: { cpuMs, waitMs } }` since the call
 */
export function watchCpu(processes) {
  const before = new Map(processes().map(({ pid }) => [pid, timesOf(pid)]));
  return () => {
    const byRole = {};
    for (const { pid, role } of processes()) {
      const [from, to] = [before.get(pid), timesOf(pid)];
      if (!from || !to) continue;
      const sum = (byRole[role] ??= { cpuMs: 0, waitMs: 0 });
      sum.cpuMs += Math.round(to.cpuMs - from.cpuMs);
      sum.waitMs += Math.round(to.waitMs - from.waitMs);
    }
    return byRole;
  };
}

function timesOf(pid) {
  try {
    const [cpu, wait] = fs.readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
    return { cpuMs: cpu / NS_PER_MS, waitMs: wait / NS_PER_MS };
  } catch {
    return null; // it ended, or the kernel does not count
  }
}
