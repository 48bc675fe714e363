import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { OperatorAdministration, type OperatorChange } from '../auth/operators/operator-administration.js';
import { CommandRefusedError } from './command-refused.error.js';
import { freshPassword, OperatorAccounts, shownOperator } from './operator-accounts.js';
import { Terminal } from './terminal.js';

@SubCommand({ name: 'list', description: 'All operators' })
export class OperatorListCommand extends CommandRunner {
  constructor(
    private readonly accounts: OperatorAccounts,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    this.terminal.print((await this.accounts.list()).map(shownOperator));
  }
}

@SubCommand({ name: 'create', description: 'Create an operator; prints a first password this once' })
export class OperatorCreateCommand extends CommandRunner {
  constructor(
    private readonly administration: OperatorAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], who: { email: string; name: string }): Promise<void> {
    const password = freshPassword();
    const operator = await this.administration.create({ ...who, password }, SYSTEM_ACTOR);
    this.terminal.print({ ...shownOperator(operator), password });
  }

  @Option({ flags: '--email <address>', description: 'With which they sign in', required: true })
  email(text: string): string {
    return text;
  }

  @Option({ flags: '--name <name>', description: 'Name that people read', required: true })
  displayName(text: string): string {
    return text;
  }
}

interface SetOptions {
  readonly name?: string;
  readonly status?: string;
  readonly newPassword?: boolean;
}

@SubCommand({ name: 'set', arguments: '<operator>', description: 'Change an operator; what is not given stays' })
export class OperatorSetCommand extends CommandRunner {
  constructor(
    private readonly accounts: OperatorAccounts,
    private readonly administration: OperatorAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([operator]: string[], { name, status, newPassword = false }: SetOptions): Promise<void> {
    if (status !== undefined && status !== 'active' && status !== 'disabled') {
      throw new CommandRefusedError('--status must be active or disabled.');
    }
    const password = newPassword ? freshPassword() : undefined;
    const change: OperatorChange = { name, status, password };
    const changed = await this.administration.change(await this.accounts.id(operator), change, SYSTEM_ACTOR);
    this.terminal.print({ ...shownOperator(changed), ...(password === undefined ? {} : { password }) });
  }

  @Option({ flags: '--name <name>', description: 'Name that people read' })
  displayName(text: string): string {
    return text;
  }

  @Option({ flags: '--status <status>', description: 'active, or disabled, which ends every session' })
  status(text: string): string {
    return text;
  }

  @Option({ flags: '--new-password', description: 'Give them a password, printed this once; ends every session' })
  newPassword(): boolean {
    return true;
  }
}

@SubCommand({ name: 'remove', arguments: '<operator>', description: 'Remove an operator' })
export class OperatorRemoveCommand extends CommandRunner {
  constructor(
    private readonly accounts: OperatorAccounts,
    private readonly administration: OperatorAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([operator]: string[]): Promise<void> {
    await this.administration.remove(await this.accounts.id(operator), SYSTEM_ACTOR);
    this.terminal.print({ removed: operator });
  }
}

@SubCommand({
  name: 'remove-second-factor',
  arguments: '<operator>',
  description: 'Remove the second factor of an operator who lost phone and recovery codes',
})
export class OperatorRemoveSecondFactorCommand extends CommandRunner {
  constructor(
    private readonly accounts: OperatorAccounts,
    private readonly administration: OperatorAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([operator]: string[]): Promise<void> {
    await this.administration.removeSecondFactor(await this.accounts.id(operator), SYSTEM_ACTOR);
    this.terminal.print({ secondFactorRemoved: operator });
  }
}

@Command({
  name: 'operator',
  description: 'The people who run the installation',
  subCommands: [
    OperatorListCommand,
    OperatorCreateCommand,
    OperatorSetCommand,
    OperatorRemoveCommand,
    OperatorRemoveSecondFactorCommand,
  ],
})
export class OperatorCommand extends CommandRunner {
  override run(): Promise<void> {
    this.command.help();
  }
}
