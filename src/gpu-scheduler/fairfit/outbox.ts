import type { Command } from './commands.js';

/** Collects what the parts of the core order while one event is handled. */
export class Outbox {
  private commands: Command[] = [];

  emit(command: Command): void {
    this.commands.push(command);
  }

  /** What has been ordered since the last time, in order. */
  take(): readonly Command[] {
    const { commands } = this;
    this.commands = [];
    return commands;
  }
}
