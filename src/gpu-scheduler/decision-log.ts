import { type Clock, SystemClock } from '../common/clock.js';
import { copyGraph } from '../common/copy-graph.js';
import type { Command } from './fairfit/commands.js';
import type { SchedulerCore } from './fairfit/core.js';
import type { SchedulerEvent } from './fairfit/events.js';

/** One decision: what happened, when (monotonic ms), and what the core ordered. Plain data. */
export interface Decision {
  readonly seq: number;
  readonly nowMs: number;
  readonly event: SchedulerEvent;
  readonly commands: readonly Command[];
}

/** A core as it was, and what it decided from then on. */
export interface Recording {
  readonly core: SchedulerCore;
  readonly decisions: readonly Decision[];
}

interface Section {
  /** The core before the first of the decisions; null when so many followed that the log could not keep them. */
  core: SchedulerCore | null;
  decisions: Decision[];
}

/** Decisions between two checkpoints; the log keeps one to two times as many. 10,000 of some 300 bytes are 3 MB. */
const CHECKPOINT_EVERY = 5_000;
/** While copies are held off, a section may have this many times as many; then it forgets its beginning. */
const MOST_SECTIONS = 4;
/** Time between two copies, as a multiple of what the last one took: 8 ms at 500 items of 50 tenants, 100 ms at 1,000 tenants. */
const COPY_PAUSE = 300;

/**
 * The latest decisions of the core, oldest first. The log begins with a copy of the core, so that it can be replayed
 * however long the core has run; only where decisions come faster than copies may be made does it begin without one.
 */
export class DecisionLog {
  private older: Section | null = null;
  private newer: Section | null = null;
  private count = 0;
  private dueMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly checkpointEvery = CHECKPOINT_EVERY,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  /** To be called before the core handles an event: copies it when the log is due to begin anew. */
  before(core: SchedulerCore): void {
    if (this.newer && this.newer.decisions.length < this.checkpointEvery) return;
    const fromMs = this.clock.monotonic();
    if (fromMs >= this.dueMs) {
      this.older = this.newer;
      this.newer = { core: copyGraph(core), decisions: [] };
      const toMs = this.clock.monotonic();
      this.dueMs = toMs + COPY_PAUSE * (toMs - fromMs);
    } else if (this.newer && this.newer.decisions.length >= MOST_SECTIONS * this.checkpointEvery) {
      this.older = null;
      this.newer = { core: null, decisions: this.newer.decisions.slice(-this.checkpointEvery) };
    }
  }

  add(event: SchedulerEvent, nowMs: number, commands: readonly Command[]): void {
    this.newer?.decisions.push({ seq: this.count, nowMs, event, commands });
    this.count += 1;
  }

  entries(): readonly Decision[] {
    return [...(this.older?.decisions ?? []), ...(this.newer?.decisions ?? [])];
  }

  /** What `replay` takes; null while the log has no core to begin with. */
  recording(): Recording | null {
    const sections = [this.older, this.newer].filter((section) => section !== null);
    while (sections[0]?.core === null) sections.shift();
    const [first] = sections;
    if (!first?.core) return null;
    return { core: copyGraph(first.core), decisions: sections.flatMap(({ decisions }) => decisions) };
  }
}

/**
 * Plays a recording through its core, which it uses up.
 * @returns the first decision that came out differently, with what the core ordered now; null when all are equal
 */
export function replay({ core, decisions }: Recording): { decision: Decision; commands: readonly Command[] } | null {
  for (const decision of decisions) {
    const commands = core.handle(decision.event, decision.nowMs);
    if (JSON.stringify(commands) !== JSON.stringify(decision.commands)) return { decision, commands };
  }
  return null;
}
