// Runs a program under strace and tells what its isolated processes (engines, decoders, inspections) opened. Linux only.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const CALLS = 'execve,clone,clone3,fork,vfork,%file,%network';
const CHILD = /execve\(.*\/(engine|inspect|decoder|tensorflow-engine)-child\.(ts|js)"/;
const PATH_CALL = /^(\w+)\((?:AT_FDCWD, |\d+, )?"((?:[^"\\]|\\.)*)"(.*)$/;
/** Where code, libraries and facts of the machine are read; nothing is written there. */
const READ_ONLY = ['/lib', '/usr/lib', '/etc/ld.so.', '/etc/ssl/openssl.cnf', '/proc', '/sys', '/dev/urandom'];
/** What a child may write: a score of its own, nothing, and its directory beside the arena. */
const WRITABLE = ['/proc/self/oom_score_adj', '/dev/null', '/dev/shm/maru-'];
/** Calls that look and open nothing. */
const LOOKS = new Set([
  'stat',
  'lstat',
  'newfstatat',
  'statx',
  'access',
  'faccessat',
  'faccessat2',
  'readlink',
  'readlinkat',
  'getcwd',
]);
/** The channel to the parent is there before; a socket of an address is not. */
const NETWORK = /^(socket\(AF_INET|connect\(|bind\(|sendto\(\d+, .*sin)/;

/** Runs it, shows its output, and prints the findings; resolves with the exit code. */
export async function runTraced(command, args, env) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-trace-'));
  const file = path.join(directory, 'calls');
  const options = ['-f', '--seccomp-bpf', '-qq', '-s', '4096', '-e', `trace=${CALLS}`, '-o', file];
  try {
    const { status, error } = spawnSync('strace', [...options, command, ...args], { stdio: 'inherit', env });
    if (error) throw new Error('strace is not here: apt-get install strace', { cause: error });
    const { processes, calls, findings } = await judge(file);
    console.log(JSON.stringify({ processes, calls, findings: findings.size }));
    for (const [finding, times] of [...findings].slice(0, 50)) console.log(`  ${finding} (${times} times)`);
    return status === 0 && findings.size > 0 ? 1 : (status ?? 1);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

async function judge(file) {
  const own = [path.resolve('.'), path.dirname(process.execPath), fs.realpathSync(os.tmpdir())];
  const parents = await parentsOf(file);
  const roots = new Set();
  const findings = new Map();
  let calls = 0;
  for await (const [tid, call] of linesOf(file)) {
    if (CHILD.test(call)) {
      roots.add(tid);
      continue;
    }
    if (!isBelow(tid, roots, parents) || call.startsWith('<...')) continue;
    calls += 1;
    const finding = findingOf(call, own);
    if (finding) findings.set(finding, (findings.get(finding) ?? 0) + 1);
  }
  if (roots.size === 0) throw new Error('no isolated process was seen');
  return { processes: roots.size, calls, findings };
}

async function parentsOf(file) {
  const parents = new Map();
  for await (const [tid, call] of linesOf(file)) {
    const [, child] = /^(?:<\.\.\. )?(?:clone3?|v?fork)\b.* = (\d+)$/.exec(call) ?? [];
    if (child) parents.set(child, tid);
  }
  return parents;
}

async function* linesOf(file) {
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    const end = line.indexOf(' ');
    yield [line.slice(0, end), line.slice(end).trim()];
  }
}

function isBelow(tid, roots, parents) {
  for (let at = tid; at; at = parents.get(at)) if (roots.has(at)) return true;
  return false;
}

/** What is wrong with a call; null when nothing is. */
function findingOf(call, own) {
  if (NETWORK.test(call)) return call.slice(0, 200);
  const [, name, named, rest] = PATH_CALL.exec(call) ?? [];
  if (!name || LOOKS.has(name)) return null;
  const target = path.normalize(named);
  if (name === 'execve') return target === process.execPath ? null : `execve ${target}`;
  const inside = (places) => places.some((place) => target.startsWith(place));
  if (!target.startsWith('/')) return target.startsWith('..') ? `${name} ${target}` : null; // below its own directory
  if (inside(WRITABLE)) return null;
  const isWrite = !name.startsWith('open') || /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(rest);
  if (!isWrite && inside([...READ_ONLY, ...own])) return null;
  return `${name} ${target}${isWrite ? ' to write' : ''}`;
}
