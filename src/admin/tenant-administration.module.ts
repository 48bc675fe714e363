import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../analyzers/analyzers.module.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { CredentialsModule } from '../auth/credentials.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { JobSubmissionModule } from '../jobs/submission/job-submission.module.js';
import { SmokeJob } from './smoke-job.js';
import { FirstApiKey } from './first-api-key.js';
import { TenantAnalyzerGrants } from './tenant-analyzer-grants.js';
import { TenantExport } from './tenant-export.js';
import { TenantLaunch } from './tenant-launch.js';
import { TenantOnboardingFacts } from './tenant-onboarding-facts.js';

/** What operators do with tenants; knows nothing of HTTP, so that commands do the same. */
@Module({
  imports: [AnalyzersModule, CredentialsModule, JobSubmissionModule, TenantsModule],
  providers: [
    AuditTrail,
    FirstApiKey,
    SmokeJob,
    TenantAnalyzerGrants,
    TenantExport,
    TenantLaunch,
    TenantOnboardingFacts,
  ],
  exports: [TenantAnalyzerGrants, TenantExport, TenantLaunch, TenantOnboardingFacts, TenantsModule],
})
export class TenantAdministrationModule {}
