import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { SigningKeyRotation } from '../auth/signing-key-rotation.js';
import { CommandGroup } from './command-group.js';
import { Takes } from './command-options.js';
import { Terminal } from './terminal.js';

@SubCommand({
  name: 'rotate',
  description: 'Rotate the keys that access tokens are signed with; a worker does so every 30 days by itself',
})
@Takes({
  flags: '--compromised',
  description: 'A private key may be known to somebody: every access token ends within a minute',
})
export class KeyRotateCommand extends CommandRunner {
  constructor(
    private readonly rotation: SigningKeyRotation,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_arguments: string[], { compromised = false }: { compromised?: boolean }): Promise<void> {
    const { rotation } = this;
    this.terminal.print(
      await (compromised ? rotation.replaceCompromised(SYSTEM_ACTOR) : rotation.rotate(SYSTEM_ACTOR)),
    );
  }
}

@Command({ name: 'key', description: 'Keys that access tokens are signed with', subCommands: [KeyRotateCommand] })
export class KeyCommand extends CommandGroup {}
