import fs from 'node:fs';
import path from 'node:path';
import { onnxLibraryDirectory } from './onnx-package.js';

const ICD_DIRECTORIES = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const CUDA_LIBRARIES = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/**
 * Looks for what a provider needs without loading anything: a machine without a GPU must start without a probe.
 * Returns why the provider cannot work here, or null when only a probe can tell.
 */
export function missingFor(provider: string, driverEnvironment: Readonly<Record<string, string>>): string | null {
  return provider === 'cuda' ? missingForCuda() : missingForWebGpu(driverEnvironment);
}

/** The model name of the first NVIDIA card, for people; null when the driver does not tell. */
export function nvidiaName(): string | null {
  const root = '/proc/driver/nvidia/gpus';
  const text = filesIn(root)
    .map((card) => readText(path.join(root, card, 'information')))
    .join('\n');
  return /^Model:\s*(.+?)\s*$/m.exec(text)?.[1] ?? null;
}

function missingForCuda(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `ONNX Runtime for Node has CUDA on Linux x64 only; this is ${process.platform} ${process.arch}`;
  }
  if (!filesIn('/dev').some((name) => /^nvidia\d+$/.test(name))) return 'no NVIDIA GPU: there is no /dev/nvidia0';
  const absent = CUDA_LIBRARIES.filter((name) => !fs.existsSync(path.join(onnxLibraryDirectory(), name)));
  if (absent.length === 0) return null;
  return `${absent.join(' and ')} are not installed beside the ONNX Runtime binding (see docs/inference.md)`;
}

function missingForWebGpu(driverEnvironment: Readonly<Record<string, string>>): string | null {
  if (process.platform !== 'linux') return null;
  if (process.arch !== 'x64') return `ONNX Runtime for Node has no WebGPU on Linux ${process.arch}`;
  const named = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'].flatMap((name) => driverEnvironment[name]?.split(':') ?? []);
  const drivers = [...named, ...ICD_DIRECTORIES.flatMap((dir) => filesIn(dir).map((name) => path.join(dir, name)))];
  if (drivers.some((file) => file.endsWith('.json') && fs.existsSync(file))) return null;
  return `no Vulkan driver: no file in ${ICD_DIRECTORIES.join(', ')}`;
}

function filesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
