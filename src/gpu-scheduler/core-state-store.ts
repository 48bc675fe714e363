import { z } from 'zod';
import type { CoreState } from './fairfit/events.js';

/**
 * Port through which the scheduler keeps what should survive a restart: learned costs, and who was ahead of its share. The
 * jobs room implements it, the composition root binds it.
 */
export abstract class CoreStateStore {
  /** What the last scheduler of this place saved, or else of any; null when there is nothing. May be of any shape. */
  abstract load(): Promise<unknown>;
  abstract save(state: CoreState): Promise<void>;
}

/** Keeps nothing. */
export class NoStateStore extends CoreStateStore {
  async load(): Promise<null> {
    return null;
  }
  async save(): Promise<void> {}
}

const ms = z.number();
const LAGS = z.object({ interactive: ms, standard: ms, bulk: ms });
const ACCOUNT = z.object({ tenantId: z.string(), weight: z.number().positive(), chargedDeviceMs: ms, lagMs: LAGS });
const COST = z.object({
  modelVersionId: z.string(),
  shapeBucket: z.string(),
  deviceClass: z.string(),
  a: z.number().positive(),
  c: ms.nonnegative(),
  sigma: ms.nonnegative(),
});
const STATE = z.object({ accounts: z.array(ACCOUNT), costs: z.array(COST) });

/** The state, when it is one; null for what another version of the program saved, or nobody. */
export function stateOf(saved: unknown): CoreState | null {
  const parsed = STATE.safeParse(saved);
  return parsed.success ? parsed.data : null;
}
