import fs from 'node:fs';
import os from 'node:os';
import { processesOfTree } from '../product/processes.mjs';

const MS_PER_TICK = 10;

/** Where the processor time of the machine goes between two looks. Linux only. */
export class CpuWindow {
  constructor(rootPids) {
    this.rootPids = rootPids;
    this.from = this.#look();
  }

  /** Milliseconds of a processor since the start, by role; `others` is the rest of the machine, `idle` nobody's. */
  end() {
    const to = this.#look();
    const spent = {};
    for (const [pid, { role, cpuMs }] of to.processes) {
      const before = this.from.processes.get(pid)?.cpuMs ?? 0;
      spent[role] = (spent[role] ?? 0) + cpuMs - before;
    }
    const idle = to.idleMs - this.from.idleMs;
    const ours = Object.values(spent).reduce((sum, ms) => sum + ms, 0);
    const all = (to.at - this.from.at) * os.availableParallelism();
    return { ...spent, others: Math.max(0, all - ours - idle), idle };
  }

  #look() {
    const [, , , idle, waiting] = fs.readFileSync('/proc/stat', 'utf8').match(/\d+/g).map(Number);
    const processes = new Map(processesOfTree(this.rootPids).map((p) => [p.pid, p]));
    return { at: performance.now(), idleMs: (idle + waiting) * MS_PER_TICK, processes };
  }
}
