import fs from 'node:fs';
import path from 'node:path';
import type { Device } from '../../device.js';
import { IsolatedProcess } from '../../engine/isolated-process.js';
import type { RuntimeDescription } from '../../inference-runtime.js';
import type { EngineDevice, EngineDevices } from '../engine-runtime.js';
import type { BackendProbeOperations } from './backend-probe-operations.js';
import { isInstalled, packageOf, TENSORFLOW_BACKENDS, type TensorflowBackend } from './tensorflow-packages.js';

const PROBE_LIMIT_MS = 20_000;

export interface TensorflowSearch {
  /** Names such as `cuda`, `cpu`, `cpu:0`; null = all. */
  readonly wanted: readonly string[] | null;
  /** For working directories of probe processes. */
  readonly directory: string;
  readonly driverEnvironment: Readonly<Record<string, string>>;
}

type Unavailable = RuntimeDescription['unavailable'][number];
/** What a start of the backend tells: a reason why not, or where it computes. */
type Trial = { readonly why: string } | { readonly why: null; readonly usesGpu: boolean };

/**
 * Tries the backends, the fastest first; the first that works for a device has it. The device is the one that other
 * runtimes announce too: `cpu:0` is one serial executor, whatever library computes on it. Never throws.
 */
export async function findTensorflowDevices(search: TensorflowSearch): Promise<EngineDevices> {
  const found: EngineDevice[] = [];
  const unavailable: Unavailable[] = [];
  for (const backend of TENSORFLOW_BACKENDS) {
    const trial = await tryBackend(backend, search);
    const why = trial.why ?? refusal(deviceOf(trial.usesGpu), search.wanted, found);
    if (trial.why === null && why === null) found.push(placed(deviceOf(trial.usesGpu), backend));
    else unavailable.push({ what: backend, why: why ?? '' });
  }
  return { found, unavailable };
}

/** Why the backend cannot start here; it starts in a process of its own. WASM comes with the product and needs no trial. */
async function tryBackend(backend: TensorflowBackend, search: TensorflowSearch): Promise<Trial> {
  if (backend === 'wasm') return { why: null, usesGpu: false };
  if (!isInstalled(backend)) return { why: `the package ${packageOf(backend)} is not installed` };
  let probe: IsolatedProcess<BackendProbeOperations> | null = null;
  try {
    probe = await IsolatedProcess.start<BackendProbeOperations>({
      title: `maru probe ${backend}`,
      entry: new URL('./backend-probe-child.js', import.meta.url),
      workingDirectory: fs.mkdtempSync(path.join(search.directory, 'probe-')),
      environment: search.driverEnvironment,
      addressSpaceBytes: null,
    });
    const { usesGpu } = await probe.ask('start', { backend }, PROBE_LIMIT_MS);
    if (backend === 'tfjs-node-gpu' && !usesGpu) return { why: 'it started, but found no GPU that it can use' };
    return { why: null, usesGpu };
  } catch (error) {
    return { why: (error as Error).message };
  } finally {
    await probe?.stop();
  }
}

function refusal(device: Device, wanted: readonly string[] | null, found: readonly EngineDevice[]): string | null {
  if (found.some((other) => other.device.id === device.id)) return `a faster backend has ${device.id}`;
  const isWanted = wanted?.some((name) => name === device.id || name === device.kind) ?? true;
  return isWanted ? null : `INFERENCE_DEVICES does not list ${device.kind}`;
}

function deviceOf(usesGpu: boolean): Device {
  return usesGpu ? { id: 'cuda:0', kind: 'cuda', type: 'NVIDIA GPU' } : { id: 'cpu:0', kind: 'cpu', type: 'CPU' };
}

function placed(device: Device, backend: TensorflowBackend): EngineDevice {
  return { device, placement: { provider: backend, deviceIndex: 0, threads: 1 } };
}
