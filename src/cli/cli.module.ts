import { type DynamicModule, Module } from '@nestjs/common';
import { PlansModule } from '../admin/plans/plans.module.js';
import { SchedulerViewModule } from '../admin/scheduler-view.module.js';
import { TenantAdministrationModule } from '../admin/tenant-administration.module.js';
import { AuditProofModule } from '../audit/audit-proof.module.js';
import { AuditReadingModule } from '../audit/audit-reading.module.js';
import { ImpersonationModule } from '../auth/impersonation/impersonation.module.js';
import { OperatorsModule } from '../auth/operators/operators.module.js';
import { SigningKeysModule } from '../auth/signing-keys.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { MaruConfig } from '../config/config.js';
import { DatabaseModule } from '../database/database.module.js';
import { HttpLayerModule } from '../http/http.module.js';
import { OperatorModelsModule } from '../model-registry/operators/operator-models.module.js';
import { SecretRotationModule } from '../secrets/secret-rotation.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { AllTenants } from './all-tenants.js';
import { AuditCommand } from './audit.command.js';
import { ImpersonationCommand } from './impersonation.command.js';
import { NamedTenant } from './named-tenant.js';
import { KeyCommand } from './key.command.js';
import { ModelCommand } from './model.command.js';
import { OperatorAccounts } from './operator-accounts.js';
import { OperatorCommand } from './operator.command.js';
import { PlanCommand } from './plan.command.js';
import { SchedulerCommand } from './scheduler.command.js';
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
        AuditReadingModule,
        ImpersonationModule,
        OperatorModelsModule,
        PlansModule,
        SchedulerViewModule,
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
        ...ImpersonationCommand.registerWithSubCommands(),
        ...KeyCommand.registerWithSubCommands(),
        ...ModelCommand.registerWithSubCommands(),
        ...OperatorCommand.registerWithSubCommands(),
        ...PlanCommand.registerWithSubCommands(),
        ...SchedulerCommand.registerWithSubCommands(),
        ...SecretsCommand.registerWithSubCommands(),
        ...TenantCommand.registerWithSubCommands(),
        ...UsageCommand.registerWithSubCommands(),
      ],
    };
  }
}
