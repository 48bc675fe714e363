import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { ChangeOperatorDto, toOperatorDto } from '../auth/operators/dto/operator.dto.js';
import { OperatorAdministration } from '../auth/operators/operator-administration.js';
import { checked } from './checked.js';
import { CommandGroup } from './command-group.js';
import { NAME, Takes } from './command-options.js';
import { freshPassword, OperatorAccounts } from './operator-accounts.js';
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
    this.terminal.print((await this.accounts.list()).map(toOperatorDto));
  }
}

@SubCommand({ name: 'create', description: 'Create an operator; prints a first password this once' })
@Takes(
  { flags: '--email <address>', description: 'With which they sign in', required: true },
  { ...NAME, required: true },
)
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
    this.terminal.print({ ...toOperatorDto(operator), password });
  }
}

@SubCommand({ name: 'set', arguments: '<operator>', description: 'Change an operator; what is not given stays' })
@Takes(
  NAME,
  { flags: '--status <status>', description: 'active, or disabled, which ends every session' },
  { flags: '--new-password', description: 'Give them a password, printed this once; ends every session' },
)
export class OperatorSetCommand extends CommandRunner {
  constructor(
    private readonly accounts: OperatorAccounts,
    private readonly administration: OperatorAdministration,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([operator]: string[], options: { newPassword?: boolean }): Promise<void> {
    const { newPassword = false, ...rest } = options;
    const password = newPassword ? freshPassword() : undefined;
    const change = await checked(ChangeOperatorDto, { ...rest, password });
    const changed = await this.administration.change(await this.accounts.id(operator), change, SYSTEM_ACTOR);
    this.terminal.print({ ...toOperatorDto(changed), ...(password === undefined ? {} : { password }) });
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
export class OperatorCommand extends CommandGroup {}
