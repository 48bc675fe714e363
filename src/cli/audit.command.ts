import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { AuditSealer } from '../audit/audit-sealer.js';
import { AuditVerification } from '../audit/audit-verification.js';
import { AuditListCommand } from './audit-list.command.js';
import { CommandGroup } from './command-group.js';
import { NamedTenant } from './named-tenant.js';
import { Terminal } from './terminal.js';

@SubCommand({
  name: 'verify',
  arguments: '[tenant]',
  description: 'Prove that nothing of the audit log was changed; ends with 2 when something was',
})
export class AuditVerifyCommand extends CommandRunner {
  constructor(
    private readonly verification: AuditVerification,
    private readonly named: NamedTenant,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[]): Promise<void> {
    this.terminal.verdict(await this.verification.verify(name === undefined ? undefined : await this.named.id(name)));
  }
}

@SubCommand({ name: 'seal', description: 'Chain what was recorded now, as a worker does every five seconds' })
export class AuditSealCommand extends CommandRunner {
  constructor(
    private readonly sealer: AuditSealer,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(): Promise<void> {
    this.terminal.print({ sealed: await this.sealer.sealPending() });
  }
}

@Command({
  name: 'audit',
  description: 'The audit log',
  subCommands: [AuditListCommand, AuditVerifyCommand, AuditSealCommand],
})
export class AuditCommand extends CommandGroup {}
