import { type DynamicModule, Module } from '@nestjs/common';
import { AdminModule } from './admin/admin.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import type { MaruConfig } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { FilesApiModule } from './files/files-api.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpLayerModule } from './http/http.module.js';
import { JobsApiModule } from './jobs/jobs-api.module.js';
import { ModelRegistryApiModule } from './model-registry/model-registry-api.module.js';
import { PortalModule } from './portal/portal.module.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { UsageApiModule } from './usage/usage-api.module.js';
import { RateLimitsModule } from './usage/limits/rate-limits.module.js';
import { UploadsModule } from './uploads/uploads.module.js';

/** Composition root of the API: every room with its controllers; no scheduler, no engine. */
@Module({})
export class AppModule {
  static forRoot(config: MaruConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot({ appConnections: 10 }),
        HttpLayerModule,
        HealthModule,
        TenantsModule,
        AuthModule,
        RateLimitsModule,
        FilesApiModule,
        UploadsModule,
        JobsApiModule,
        ModelRegistryApiModule,
        AdminModule,
        AuditModule,
        UsageApiModule,
        PortalModule,
      ],
    };
  }
}
