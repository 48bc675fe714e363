import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { PlatformTenants } from './platform-tenants.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';
import { TenantAdministration } from './tenant-administration.js';
import { TenantAdministrationRepository } from './tenant-administration.repository.js';
import { TenantDirectory } from './tenant-directory.js';
import { TenantDomainEntity } from './tenant-domain.entity.js';
import { TenantEntity } from './tenant.entity.js';
import { TenantLaunches } from './tenant-launches.js';
import { TenantLaunchesRepository } from './tenant-launches.repository.js';
import { TenantOnboarding } from './tenant-onboarding.js';
import { TenantsService } from './tenants.service.js';

/** Who the tenants are, where they are found, and how they are made. */
@Module({
  imports: [TypeOrmModule.forFeature([TenantEntity, TenantDomainEntity])],
  providers: [
    AuditTrail,
    TenantDirectory,
    TenantsService,
    TenantOnboarding,
    PlatformTenants,
    PlatformTenantsRepository,
    TenantAdministration,
    TenantAdministrationRepository,
    TenantLaunches,
    TenantLaunchesRepository,
  ],
  exports: [TenantDirectory, TenantsService, TenantOnboarding, PlatformTenants, TenantAdministration, TenantLaunches],
})
export class TenantsModule {}
