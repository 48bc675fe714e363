import fs from 'node:fs';
import path from 'node:path';
import type { Placement } from '../../engine/engine-operations.js';
import { IsolatedProcess } from '../../engine/isolated-process.js';
import type { ProbeOperations } from './probe-operations.js';

const MAX_DIFFERENCE = 1e-3;
const LEAST_SPEED_UP = 1.2;

/** What a probe of one provider needs. */
export interface ProbePlan {
  readonly placement: Placement;
  /** Model file to run. */
  readonly canary: string;
  /** For the empty working directory of the probe process. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** False when an operator asked for the device by name: then it must be right, but need not be fast. */
  readonly mustBeFaster: boolean;
}

/**
 * Runs the canary on a provider in a process of its own. Returns why the provider is not used, or null when it loads,
 * agrees with the CPU within 1e-3 and is at least 1.2 times as fast at batch 32 (a software Vulkan works, but slowly).
 * Never throws.
 */
export async function probeProvider(plan: ProbePlan): Promise<string | null> {
  const { placement, canary, directory, environment, limitMs, mustBeFaster } = plan;
  let probe: IsolatedProcess<ProbeOperations> | null = null;
  try {
    probe = await IsolatedProcess.start<ProbeOperations>({
      title: `maru probe ${placement.provider}`,
      entry: new URL('./probe-child.js', import.meta.url),
      workingDirectory: fs.mkdtempSync(path.join(directory, 'probe-')),
      environment,
      addressSpaceBytes: null,
    });
    const { cpuMs, ms, maxDifference } = await probe.ask('compare', { file: canary, placement }, limitMs);
    return verdict(cpuMs / ms, maxDifference, mustBeFaster);
  } catch (error) {
    return (error as Error).message;
  } finally {
    await probe?.stop();
  }
}

/** Why a provider with these figures is not used; null = it is. */
export function verdict(speedUp: number, maxDifference: number, mustBeFaster: boolean): string | null {
  if (!(maxDifference <= MAX_DIFFERENCE)) return `its results differ from the CPU's by ${maxDifference.toPrecision(2)}`;
  if (mustBeFaster && !(speedUp >= LEAST_SPEED_UP)) {
    return `it runs at ${speedUp.toFixed(2)} times the speed of the CPU; ${LEAST_SPEED_UP} is needed`;
  }
  return null;
}
