import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { SecretRotation } from '../secrets/secret-rotation.js';
import { AllTenants } from './all-tenants.js';
import { CommandGroup } from './command-group.js';
import { NamedTenant } from './named-tenant.js';
import { Terminal } from './terminal.js';

@SubCommand({ name: 'rewrap', description: 'Wrap the keys of all tenants with the first of KEY_ENCRYPTION_KEYS' })
export class SecretsRewrapCommand extends CommandRunner {
  constructor(
    private readonly rotation: SecretRotation,
    private readonly all: AllTenants,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    const tenants = await this.all.list();
    this.terminal.print(await this.rotation.rewrap(tenants.map(({ id }) => id)));
  }
}

@SubCommand({
  name: 'rotate',
  arguments: '<tenant>',
  description: 'Give a tenant a new key and seal its secrets with it',
})
export class SecretsRotateCommand extends CommandRunner {
  constructor(
    private readonly rotation: SecretRotation,
    private readonly named: NamedTenant,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[]): Promise<void> {
    this.terminal.print(await this.rotation.rotateDataKey(await this.named.id(name)));
  }
}

@Command({
  name: 'secrets',
  description: 'Keys of the secrets of tenants',
  subCommands: [SecretsRewrapCommand, SecretsRotateCommand],
})
export class SecretsCommand extends CommandGroup {}
