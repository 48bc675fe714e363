import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { vulkanDrivers } from './drivers.mjs';
import { printTable } from './table.mjs';

const SMI_QUERY = ['--query-gpu=name,driver_version,memory.total,compute_cap', '--format=csv,noheader'];

/** The host as far as it decides what runs. */
export function host() {
  const { glibcVersionRuntime } = process.report.getReport().header;
  const facts = {
    system: `${os.type()} ${os.release()}, glibc ${glibcVersionRuntime ?? 'unknown'}`,
    processor: `${os.availableParallelism()} x ${os.cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB, /dev/shm ${freeMib('/dev/shm')} MiB free`,
    user: os.userInfo().username,
    node: process.version,
    'NVIDIA GPUs': asked('nvidia-smi', SMI_QUERY) || 'none (nvidia-smi does not answer)',
    'Vulkan drivers': process.env.VK_DRIVER_FILES ?? (vulkanDrivers().join(', ') || 'none'),
  };
  printTable(
    'Host',
    Object.entries(facts).map(([what, found]) => ({ what, found })),
  );
  return facts;
}

function asked(command, args) {
  try {
    const options = { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync(command, args, options).trim().replaceAll('\n', '; ');
  } catch {
    return '';
  }
}

function freeMib(folder) {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    return Math.floor((bavail * bsize) / 2 ** 20);
  } catch {
    return 0;
  }
}
