import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../analyzers/analyzers.module.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { CredentialsModule } from '../auth/credentials.module.js';
import { ApiKeysModule } from '../auth/keys/api-keys.module.js';
import { MembersModule } from '../auth/members/members.module.js';
import { JobReadingModule } from '../jobs/reading/job-reading.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { JobSubmissionModule } from '../jobs/submission/job-submission.module.js';
import { SmokeJob } from './smoke-job.js';
import { SmokeOutcome } from './smoke-outcome.js';
import { FirstAccess } from './first-access.js';
import { LaunchTemplates } from './launch-templates.js';
import { TenantAnalyzerGrants } from './tenant-analyzer-grants.js';
import { TenantExport } from './tenant-export.js';
import { TenantLaunch } from './tenant-launch.js';
import { TenantOnboardingFacts } from './tenant-onboarding-facts.js';

/** What operators do with tenants; knows nothing of HTTP, so that commands do the same. */
@Module({
  imports: [
    AnalyzersModule,
    ApiKeysModule,
    CredentialsModule,
    JobReadingModule,
    JobSubmissionModule,
    MembersModule,
    TenantsModule,
  ],
  providers: [
    AuditTrail,
    FirstAccess,
    LaunchTemplates,
    SmokeJob,
    SmokeOutcome,
    TenantAnalyzerGrants,
    TenantExport,
    TenantLaunch,
    TenantOnboardingFacts,
  ],
  exports: [
    FirstAccess,
    SmokeOutcome,
    TenantAnalyzerGrants,
    TenantExport,
    TenantLaunch,
    TenantOnboardingFacts,
    TenantsModule,
  ],
})
export class TenantAdministrationModule {}
