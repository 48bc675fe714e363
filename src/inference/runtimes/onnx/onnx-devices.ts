import os from 'node:os';
import type { RuntimeDescription } from '../../inference-runtime.js';
import type { EngineDevice, EngineDevices } from '../engine-runtime.js';
import { missingFor, nvidiaName } from './accelerator-hints.js';
import { probeProvider } from './provider-probe.js';

const PROBE_BUDGET_MS = 20_000;
const AUTOMATIC = ['cuda', 'webgpu', 'cpu'];

export interface DeviceSearch {
  /** Names such as `cuda`, `cuda:1`, `cpu`; null = look for all. */
  readonly wanted: readonly string[] | null;
  /** Model file that decides whether an accelerator is worth using; null when no model ships. */
  readonly canary: string | null;
  /** For working directories of probe processes. */
  readonly directory: string;
  readonly driverEnvironment: Readonly<Record<string, string>>;
}

type Unavailable = RuntimeDescription['unavailable'][number];

/** Tries providers one by one, the fastest kind first. Never throws; what is missing comes back with its reason. */
export async function findOnnxDevices(search: DeviceSearch): Promise<EngineDevices> {
  const found: EngineDevice[] = [];
  const unavailable: Unavailable[] = [];
  const endsAt = performance.now() + PROBE_BUDGET_MS;
  for (const what of search.wanted ?? AUTOMATIC) {
    const candidate = parse(what);
    const why = candidate ? await refusal(candidate, search, found, endsAt) : 'it is not one of cuda, webgpu, cpu';
    if (why !== null || !candidate) unavailable.push({ what, why: why ?? '' });
    else found.push(candidate);
  }
  return { found, unavailable };
}

async function refusal(
  { device, placement }: EngineDevice,
  search: DeviceSearch,
  found: readonly EngineDevice[],
  endsAt: number,
): Promise<string | null> {
  if (found.some((other) => other.device.id === device.id)) return 'it is listed twice';
  if (device.kind === 'cpu') return null;
  const isAutomatic = search.wanted === null;
  if (isAutomatic && device.kind === 'webgpu' && found.some((other) => other.device.kind === 'cuda')) {
    return 'the same GPU serves through CUDA already';
  }
  const missing = missingFor(placement.provider, search.driverEnvironment);
  if (missing !== null) return missing;
  if (search.canary === null) return 'there is no model to try it with';
  const limitMs = Math.ceil(endsAt - performance.now());
  if (limitMs <= 0) return `the probe took longer than ${PROBE_BUDGET_MS / 1000} s`;
  const { canary, directory, driverEnvironment: environment } = search;
  return probeProvider({ placement, canary, directory, environment, limitMs, mustBeFaster: isAutomatic });
}

function parse(what: string): EngineDevice | null {
  const [, provider = '', index = '0'] = /^(cuda|webgpu|cpu)(?::(\d+))?$/.exec(what) ?? [];
  const kind = AUTOMATIC.find((name) => name === provider) as 'cuda' | 'webgpu' | 'cpu' | undefined;
  if (!kind) return null;
  const type = kind === 'cpu' ? 'CPU' : (nvidiaName() ?? (kind === 'cuda' ? 'NVIDIA GPU' : 'GPU (WebGPU)'));
  return {
    device: { id: `${kind}:${index}`, kind, type },
    placement: { provider: kind, deviceIndex: Number(index), threads: cpuThreads() },
  };
}

/** One thread on small machines, where the worker and the decoders need the other core; half of the cores on larger ones. */
function cpuThreads(): number {
  return Math.max(1, Math.floor(os.availableParallelism() / 2));
}
