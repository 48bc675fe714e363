import { type DynamicModule, Module } from '@nestjs/common';
import { TenantAdministrationModule } from '../admin/tenant-administration.module.js';
import { AuditProofModule } from '../audit/audit-proof.module.js';
import { OperatorsModule } from '../auth/operators/operators.module.js';
import { SigningKeysModule } from '../auth/signing-keys.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { MaruConfig } from '../config/config.js';
import { DatabaseModule } from '../database/database.module.js';
import { HttpLayerModule } from '../http/http.module.js';
import { SecretRotationModule } from '../secrets/secret-rotation.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { AllTenants } from './all-tenants.js';
import { AuditCommand } from './audit.command.js';
import { NamedTenant } from './named-tenant.js';
import { KeyCommand } from './key.command.js';
import { OperatorAccounts } from './operator-accounts.js';
import { OperatorCommand } from './operator.command.js';
import { SEALED } from './sealed.js';
import { SecretsCommand } from './secrets.command.js';
import { TenantCommand } from './tenant.command.js';
import { Terminal } from './terminal.js';
import { UsageCommand } from './usage.command.js';

/** Composition root of the commands. */
@Module({})
export class CliModule {
  static forRoot(config: MaruConfig): DynamicModule {
    return {
      module: CliModule,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot({ appConnections: 2 }),
        HttpLayerModule,
        TenantAdministrationModule,
        AuditProofModule,
        OperatorsModule,
        SigningKeysModule,
        UsageModule,
        SecretRotationModule.forRoot(SEALED),
      ],
      providers: [
        AllTenants,
        NamedTenant,
        OperatorAccounts,
        Terminal,
        ...AuditCommand.registerWithSubCommands(),
        ...KeyCommand.registerWithSubCommands(),
        ...OperatorCommand.registerWithSubCommands(),
        ...SecretsCommand.registerWithSubCommands(),
        ...TenantCommand.registerWithSubCommands(),
        ...UsageCommand.registerWithSubCommands(),
      ],
    };
  }
}
