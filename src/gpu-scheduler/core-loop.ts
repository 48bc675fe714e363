import type { Clock } from '../common/clock.js';
import type { DecisionLog } from './decision-log.js';
import type { Command } from './fairfit/commands.js';
import { SchedulerCore } from './fairfit/core.js';
import type { SchedulerEvent } from './fairfit/events.js';
import type { FairFitOptions } from './fairfit/options.js';

/** Longest delay that a Node timer takes, ms; a later time is armed in steps. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Drives the core: one event after another, the real clock, the one timer, the decision log. */
export class CoreLoop {
  readonly core: SchedulerCore;
  private readonly inbox: SchedulerEvent[] = [];
  private isRunning = false;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param execute carries out the commands of one event. It may post events: they follow once it is done.
   */
  constructor(
    private readonly clock: Clock,
    private readonly log: DecisionLog,
    private readonly execute: (commands: readonly Command[], nowMs: number) => void,
    options: Partial<FairFitOptions> = {},
  ) {
    this.core = new SchedulerCore(options);
  }

  /** Monotonic ms, cut to microseconds so that the log holds short numbers. */
  now(): number {
    return Math.floor(this.clock.monotonic() * 1000) / 1000;
  }

  /** Lets the core handle the event; at once, unless an event is being handled. */
  post(event: SchedulerEvent): void {
    this.inbox.push(event);
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let next = this.inbox.shift(); next; next = this.inbox.shift()) this.handle(next);
    } finally {
      this.isRunning = false;
    }
  }

  /** Disarms the timer. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private handle(event: SchedulerEvent): void {
    const nowMs = this.now();
    this.log.before(this.core);
    const commands = this.core.handle(event, nowMs);
    this.log.add(event, nowMs, commands);
    for (const command of commands) if (command.type === 'armTimer') this.arm(command.atMs, nowMs);
    this.execute(commands, nowMs);
  }

  private arm(atMs: number | null, nowMs: number): void {
    clearTimeout(this.timer);
    if (atMs === null) return;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(atMs - nowMs)));
    this.timer = setTimeout(() => this.post({ type: 'timer' }), delayMs);
  }
}
