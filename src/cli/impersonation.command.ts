import { Command, CommandRunner, SubCommand } from 'nest-commander';
import type { AuditActor } from '../audit/audit-trail.js';
import { StartImpersonationDto, toImpersonationDto } from '../auth/impersonation/dto/impersonation.dto.js';
import { Impersonations } from '../auth/impersonation/impersonations.service.js';
import { publicId, uuidOf } from '../common/ids.js';
import { checked } from './checked.js';
import { CommandGroup } from './command-group.js';
import { AS_OPERATOR, REASON, Takes } from './command-options.js';
import { CommandRefusedError } from './command-refused.error.js';
import { NamedTenant } from './named-tenant.js';
import { OperatorAccounts } from './operator-accounts.js';
import { Terminal } from './terminal.js';

interface Options {
  readonly operator: string;
}

@SubCommand({
  name: 'start',
  arguments: '<tenant>',
  description: 'Look at a tenant as its viewer: prints, this once, a token that reads and changes nothing',
})
@Takes(
  AS_OPERATOR,
  { ...REASON, description: 'The tenant reads it in its audit log' },
  { flags: '--expires-in-minutes <minutes>', description: '1 to 60; 15 unless given', read: Number },
)
export class ImpersonationStartCommand extends CommandRunner {
  constructor(
    private readonly named: NamedTenant,
    private readonly operators: OperatorAccounts,
    private readonly impersonations: Impersonations,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: string[], { operator, ...options }: Options): Promise<void> {
    const tenantId = await this.named.id(name);
    const wanted = await checked(StartImpersonationDto, { ...options, tenantId: publicId('tenant', tenantId) });
    const id = await this.operators.activeId(operator);
    const started = await this.impersonations.start({ id }, { ...wanted, tenantId }, actorOf(id));
    this.terminal.print(toImpersonationDto(started));
  }
}

@SubCommand({ name: 'end', arguments: '<impersonation>', description: 'End it before its time' })
@Takes(AS_OPERATOR)
export class ImpersonationEndCommand extends CommandRunner {
  constructor(
    private readonly operators: OperatorAccounts,
    private readonly impersonations: Impersonations,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([ended = '']: string[], { operator }: Options): Promise<void> {
    const impersonation = uuidOf('impersonation', ended);
    if (!impersonation) throw new CommandRefusedError(`"${ended}" is no id of an impersonation: imp_....`);
    const id = await this.operators.id(operator);
    await this.impersonations.end({ id }, impersonation, actorOf(id));
    this.terminal.print({ ended });
  }
}

/** The tenant learns which operator it was; operators see too that it was done here. */
function actorOf(id: string): AuditActor {
  return { type: 'operator', id: publicId('operator', id), userAgent: 'maru command' };
}

@Command({
  name: 'impersonation',
  description: 'Operators inside a tenant',
  subCommands: [ImpersonationStartCommand, ImpersonationEndCommand],
})
export class ImpersonationCommand extends CommandGroup {}
