import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

/** One child process: an engine, a decoder or a probe. */
export interface LaunchPlan {
  /** What `ps` shows, for example `maru engine cpu:0`. */
  readonly title: string;
  /** The built entry (`.js`), a neighbor of the module that names it. */
  readonly entry: URL;
  /** A new empty directory: a crafted model could read files of its working directory. */
  readonly workingDirectory: string;
  /** Everything that the child may know beyond PATH, HOME and TMPDIR. */
  readonly environment: Readonly<Record<string, string>>;
  /** Limit of the address space; null = none (GPU drivers map far more than they use). */
  readonly addressSpaceBytes: number | null;
  /** Computes on processors for long: what answers clients and hands out work goes first on a busy machine. */
  readonly isBackground?: boolean;
}

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'].find(
  (file) => process.platform === 'linux' && fs.existsSync(file),
);
const HEAP_MIB = 512;
const RUNS_FROM_SOURCES = import.meta.url.endsWith('.ts');

/**
 * Lets Node run the `.ts` sources of a child (its own type stripping, Node 22.18 or newer), where imports name the built
 * `.js` files. Used by tests alone: what the children import is therefore erasable TypeScript without decorators.
 */
const SOURCE_HOOK = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
   registerHooks({ resolve: (name, context, next) =>
     next(context.parentURL?.endsWith('.ts') && name.startsWith('.') ? name.replace(/\\.js$/, '.ts') : name, context) });`,
)}`;

/**
 * Starts a child with limits, an environment built from nothing (no database URL, no key) and a channel for messages.
 * Its stderr is piped; stdin and stdout lead nowhere.
 */
export function launch(plan: LaunchPlan): ChildProcess {
  const entry = fileURLToPath(RUNS_FROM_SOURCES ? plan.entry.href.replace(/\.js$/, '.ts') : plan.entry);
  const options = [`--max-old-space-size=${HEAP_MIB}`, ...(RUNS_FROM_SOURCES ? ['--import', SOURCE_HOOK] : [])];
  const node = [process.execPath, ...options, entry];
  const limits = ['--core=0', '--nofile=256'];
  if (plan.addressSpaceBytes !== null) limits.push(`--as=${plan.addressSpaceBytes}`);
  const [command, ...args] = PRLIMIT ? [PRLIMIT, ...limits, ...node] : node;
  const child = spawn(command as string, args, {
    cwd: plan.workingDirectory,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: plan.workingDirectory,
      TMPDIR: plan.workingDirectory,
      ORT_DISABLE_TELEMETRY: '1',
      ...plan.environment,
      MARU_TITLE: plan.title,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  if (plan.isBackground && child.pid) os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  return child;
}
