import fs from 'node:fs';
import os from 'node:os';

/** Host and pid namespace: inside it a pid that does not exist is proof of death. Linux only, else null. */
export function processPlace(): string | null {
  try {
    return `${os.hostname()}/${fs.readlinkSync('/proc/self/ns/pid')}/`;
  } catch {
    return null;
  }
}

/** This process's place and pid: the name of its lease. */
export function processName(): string {
  return `${processPlace() ?? `${os.hostname()}/`}${process.pid}`;
}

/** True when another process of this place has this pid and is no zombie. */
export function isAnotherAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return !/\nState:\s+Z/.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
