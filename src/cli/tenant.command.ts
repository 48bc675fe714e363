import { Command } from 'nest-commander';
import { CommandGroup } from './command-group.js';
import { TenantCreateCommand } from './tenant-create.command.js';
import { TenantAnalyzersCommand, TenantInviteOwnerCommand, TenantQuotasCommand } from './tenant-grants.commands.js';
import { TenantExportCommand, TenantListCommand, TenantShowCommand } from './tenant-reading.commands.js';
import { TenantSetCommand } from './tenant-set.command.js';
import { TenantDeleteCommand, TenantResumeCommand, TenantSuspendCommand } from './tenant-state.commands.js';

@Command({
  name: 'tenant',
  description: 'Tenants of this installation',
  subCommands: [
    TenantCreateCommand,
    TenantListCommand,
    TenantShowCommand,
    TenantSetCommand,
    TenantQuotasCommand,
    TenantAnalyzersCommand,
    TenantInviteOwnerCommand,
    TenantSuspendCommand,
    TenantResumeCommand,
    TenantDeleteCommand,
    TenantExportCommand,
  ],
})
export class TenantCommand extends CommandGroup {}
