import { Injectable, Logger } from '@nestjs/common';
import { CoreStateStore, stateOf } from './core-state-store.js';
import type { CoreState } from './fairfit/events.js';

const SAVE_EVERY_MS = 5_000;
/** A start does not wait longer for the past, ms. */
const LOAD_LIMIT_MS = 3_000;

/** Saves what the core has learned every 5 s and gives it back at the next start. A store that fails costs no item. */
@Injectable()
export class StateKeeper {
  private readonly log = new Logger(StateKeeper.name);
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> | null = null;
  private saved = '';

  constructor(private readonly store: CoreStateStore) {}

  /** What an earlier process knew; null when there is nothing, or the store does not answer in time. */
  async restored(): Promise<CoreState | null> {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), LOAD_LIMIT_MS).unref();
    try {
      return stateOf(await Promise.race([this.store.load(), late]));
    } catch (error) {
      this.log.warn(`nothing is restored: ${(error as Error).message}`);
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param state what to save, asked for each time */
  start(state: () => CoreState): void {
    this.timer = setInterval(() => void this.save(state()), SAVE_EVERY_MS).unref();
  }

  /** Saves once more. */
  async stop(state: CoreState): Promise<void> {
    clearInterval(this.timer);
    await this.saving;
    await this.save(state);
  }

  /** Only what has changed, and not before the save before has ended. */
  private save(state: CoreState): Promise<void> {
    const lean = { ...state, accounts: state.accounts.filter(isAhead) };
    const text = JSON.stringify(lean);
    if (text === this.saved) return Promise.resolve();
    this.saving ??= this.store
      .save(lean)
      .then(() => {
        this.saved = text;
      })
      .catch((error: unknown) => this.log.warn(`what was learned is not saved: ${(error as Error).message}`))
      .finally(() => (this.saving = null));
    return this.saving;
  }
}

/** A tenant that is not ahead in any band starts like a new one. */
function isAhead({ lagMs }: CoreState['accounts'][number]): boolean {
  return Object.values(lagMs).some((lag) => lag > 0);
}
