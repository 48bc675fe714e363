// Runs the steps of the two commands: one line each with its seconds, all output only when a step fails.
import { spawn } from 'node:child_process';
import path from 'node:path';

const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);

function passOn(signal) {
  for (const child of children) child.kill(signal);
}

/** After the last step: signals belong to whoever runs next in this process. */
export function releaseSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, passOn);
}

/** Runs a program; resolves with its exit code and output (empty when `show` passes it through). */
export function run(command, args, { show = false, env = process.env, cwd } = {}) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command === 'npm';
    const stdio = show ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { stdio, env, cwd, shell });
    children.add(child);
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.on('close', (code, signal) => {
      children.delete(child);
      if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)) process.exit(130);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs npm with the Node of this process, whichever way we were called. */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  const known = cli && path.basename(cli) === 'npm-cli.js';
  return known ? run(process.execPath, [cli, ...args], options) : run('npm', args, options);
}

/** One line per step: its name, then its seconds. `work` resolves to `{ code, output }`, shown when it fails or on `verbose`. */
export async function step(label, work, { verbose = false } = {}) {
  process.stdout.write(`${label} ... `);
  const began = performance.now();
  const { code, output } = await work();
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(code === 0 ? `${seconds.toFixed(1)} s\n` : `FAILED after ${seconds.toFixed(1)} s\n`);
  if ((code !== 0 || verbose) && output.trim()) process.stdout.write(`${output.trim()}\n`);
  return { ok: code === 0, seconds };
}

/** Ends the process with one sentence. */
export function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
