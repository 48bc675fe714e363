import { type DynamicModule, Module } from '@nestjs/common';
import { AnalyzersModule } from '../analyzers/analyzers.module.js';
import { CredentialsModule } from '../auth/credentials.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { MaruConfig } from '../config/config.js';
import { DatabaseModule } from '../database/database.module.js';
import { AnalyzerGrants } from '../jobs/catalog/analyzer-grants.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { DemoAccounts } from './demo-accounts.js';
import { DemoTenants } from './demo-onboarding.js';

/** The services that onboarding the demo tenants needs, without HTTP. */
@Module({})
export class DemoModule {
  static forRoot(config: MaruConfig): DynamicModule {
    return {
      module: DemoModule,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot({ appConnections: 2 }),
        TenantsModule,
        CredentialsModule,
        AnalyzersModule,
      ],
      providers: [AnalyzerGrants, DemoAccounts, DemoTenants],
    };
  }
}
