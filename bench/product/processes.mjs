// What /proc says of the memory and processor time of a tree of processes. Linux only.
import fs from 'node:fs';

const KIB_PER_MIB = 1_024;
const MS_PER_TICK = 10;

/** What a process is called in the tables: its title; a server's backends are all `postgres`. */
function roleOf(title) {
  if (/^postgres|\/postgres /.test(title)) return 'postgres';
  return title.replace(/^maru /, '');
}

/**
 * The living processes below `rootPids` and these themselves: `{ pid, role, rssMiB, pssMiB, anonMiB }`. `pssMiB` is null
 * where it may not be read. `anonMiB` leaves out what is mapped from files or shared.
 */
export function memoryOfTree(rootPids) {
  return processesOfTree(rootPids).flatMap(({ pid, role }) => readMemory(pid, role));
}

/** The living processes below `rootPids` and these themselves: `{ pid, role, cpuMs }`, processor time in steps of 10 ms. */
export function processesOfTree(rootPids) {
  const all = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const found = new Set(rootPids);
  for (const pid of found) for (const p of all) if (p.parent === pid) found.add(p.pid);
  return all
    .filter((p) => found.has(p.pid))
    .map(({ pid, title, ticks }) => ({ pid, role: roleOf(title), cpuMs: ticks * MS_PER_TICK }));
}

function readProcess(name) {
  try {
    const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent] = fields;
    const ticks = Number(fields[11]) + Number(fields[12]); // utime, stime
    const title = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), title, ticks }];
  } catch {
    return []; // it ended while we looked
  }
}

function readMemory(pid, role) {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const [rssMiB, anonMiB] = ['VmRSS', 'RssAnon'].map((name) => mibOf(status, name));
    return [{ pid, role, rssMiB, anonMiB, pssMiB: readPss(pid) }];
  } catch {
    return [];
  }
}

function readPss(pid) {
  try {
    return mibOf(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss');
  } catch {
    return null; // another user's, and we are not root
  }
}

function mibOf(text, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / KIB_PER_MIB;
}
