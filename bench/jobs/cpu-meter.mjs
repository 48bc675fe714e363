import fs from 'node:fs';

/** Processor time of this process and of whole process trees. Linux only; kernel threads that sync files are not in it. */
export class CpuMeter {
  /** @param roots pids whose trees count as "server" */
  constructor(roots) {
    this.roots = roots;
  }

  /** Microseconds so far. */
  read() {
    const { user, system } = process.cpuUsage();
    return { node: user + system, server: this.roots.reduce((sum, pid) => sum + treeUs(pid), 0) };
  }

  /** Microseconds since an earlier reading. */
  since(before) {
    const now = this.read();
    const node = now.node - before.node;
    const server = now.server - before.server;
    return { node, server, total: node + server };
  }
}

/** Living processes by the scheduler's nanoseconds, ended ones by what their parent reaped (in ticks of 10 ms). */
function treeUs(root) {
  let sum = reapedUs(root);
  for (const pid of [root, ...childrenOf(root)]) sum += threadsUs(pid);
  return sum;
}

function childrenOf(root) {
  try {
    const direct = fs.readFileSync(`/proc/${root}/task/${root}/children`, 'utf8').trim();
    return direct === '' ? [] : direct.split(' ').map(Number);
  } catch {
    return [];
  }
}

function threadsUs(pid) {
  try {
    const threads = fs.readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => {
      const [ns] = fs.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
      return sum + Number(ns) / 1_000;
    }, 0);
  } catch {
    return 0; // it ended while we looked; its parent has its time
  }
}

function reapedUs(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10_000; // cutime, cstime
}
