import type { Command } from './fairfit/commands.js';
import { SchedulerCore } from './fairfit/core.js';
import type { SchedulerEvent } from './fairfit/events.js';
import type { FairFitOptions } from './fairfit/options.js';

/** One decision: what happened, when (monotonic ms), and what the core ordered. Plain data. */
export interface Decision {
  readonly seq: number;
  readonly nowMs: number;
  readonly event: SchedulerEvent;
  readonly commands: readonly Command[];
}

/** About 10,000 decisions of some 300 bytes are 3 MB. */
const CAPACITY = 10_000;

/** The latest decisions of the core, oldest first. A log that has lost nothing can be replayed. */
export class DecisionLog {
  private readonly ring: Decision[] = [];
  private count = 0;

  constructor(private readonly capacity = CAPACITY) {}

  add(event: SchedulerEvent, nowMs: number, commands: readonly Command[]): void {
    this.ring[this.count % this.capacity] = { seq: this.count, nowMs, event, commands };
    this.count += 1;
  }

  /** True while the log reaches back to the first event. */
  get isComplete(): boolean {
    return this.count <= this.capacity;
  }

  entries(): readonly Decision[] {
    const start = this.isComplete ? 0 : this.count % this.capacity;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)];
  }
}

/**
 * Plays a complete log through a new core.
 * @param options those of the core that wrote it
 * @returns the first decision that came out differently, with what the new core ordered; null when all are equal
 */
export function replay(
  decisions: readonly Decision[],
  options: Partial<FairFitOptions> = {},
): { decision: Decision; commands: readonly Command[] } | null {
  const core = new SchedulerCore(options);
  for (const decision of decisions) {
    const commands = core.handle(decision.event, decision.nowMs);
    if (JSON.stringify(commands) !== JSON.stringify(decision.commands)) return { decision, commands };
  }
  return null;
}
