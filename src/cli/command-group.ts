import { CommandRunner } from 'nest-commander';

/** A command that only leads to others: alone it lists them. */
export abstract class CommandGroup extends CommandRunner {
  override run(): Promise<void> {
    this.command.help();
  }
}
