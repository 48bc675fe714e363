import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PlatformTenants } from './platform-tenants.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';
import { TenantDirectory } from './tenant-directory.js';
import { TenantDomainEntity } from './tenant-domain.entity.js';
import { TenantEntity } from './tenant.entity.js';
import { TenantOnboarding } from './tenant-onboarding.js';
import { TenantsService } from './tenants.service.js';

/** Who the tenants are, where they are found, and how they are made. */
@Module({
  imports: [TypeOrmModule.forFeature([TenantEntity, TenantDomainEntity])],
  providers: [TenantDirectory, TenantsService, TenantOnboarding, PlatformTenants, PlatformTenantsRepository],
  exports: [TenantDirectory, TenantsService, TenantOnboarding, PlatformTenants],
})
export class TenantsModule {}
