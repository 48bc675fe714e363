import { CreateRoles1764000000000 } from './1764000000000-create-roles.js';
import { CreateTenants1764000000100 } from './1764000000100-create-tenants.js';
import { CreateAuth1764000000200 } from './1764000000200-create-auth.js';
import { CreateFiles1764000000300 } from './1764000000300-create-files.js';
import { CreatePartitioning1764000000350 } from './1764000000350-create-partitioning.js';
import { CreateJobs1764000000400 } from './1764000000400-create-jobs.js';
import { CreateDatabaseCare1764000000450 } from './1764000000450-create-database-care.js';
import { CreateSchedulerRecords1764000000500 } from './1764000000500-create-scheduler-records.js';
import { GrantPlatformTimelines1764000000510 } from './1764000000510-grant-platform-timelines.js';
import { CreateModels1764000000650 } from './1764000000650-create-models.js';
import { CreateUploads1764000000660 } from './1764000000660-create-uploads.js';
import { CreateAccountTokens1764000000700 } from './1764000000700-create-account-tokens.js';
import { RotateApiKeys1764000000710 } from './1764000000710-rotate-api-keys.js';
import { ActivateSigningKeys1764000000720 } from './1764000000720-activate-signing-keys.js';
import { CreateSecondFactors1764000000730 } from './1764000000730-create-second-factors.js';
import { CreateImpersonations1764000000740 } from './1764000000740-create-impersonations.js';
import { CreateAudit1764000000750 } from './1764000000750-create-audit.js';
import { CreateQuotas1764000000760 } from './1764000000760-create-quotas.js';
import { CreateUsage1764000000770 } from './1764000000770-create-usage.js';
import { CreateTenantKeys1764000000780 } from './1764000000780-create-tenant-keys.js';
import { AdministerTenants1764000000790 } from './1764000000790-administer-tenants.js';
import { CreateOidc1764000000890 } from './1764000000890-create-oidc.js';
import { TrustEmailDomains1764000000900 } from './1764000000900-trust-email-domains.js';

/** Every migration, oldest first. Listed by hand: a file that is not here does not run. */
export const migrations = [
  CreateRoles1764000000000,
  CreateTenants1764000000100,
  CreateAuth1764000000200,
  CreateFiles1764000000300,
  CreatePartitioning1764000000350,
  CreateJobs1764000000400,
  CreateDatabaseCare1764000000450,
  CreateSchedulerRecords1764000000500,
  GrantPlatformTimelines1764000000510,
  CreateModels1764000000650,
  CreateUploads1764000000660,
  CreateAccountTokens1764000000700,
  RotateApiKeys1764000000710,
  ActivateSigningKeys1764000000720,
  CreateSecondFactors1764000000730,
  CreateImpersonations1764000000740,
  CreateAudit1764000000750,
  CreateQuotas1764000000760,
  CreateUsage1764000000770,
  CreateTenantKeys1764000000780,
  AdministerTenants1764000000790,
  CreateOidc1764000000890,
  TrustEmailDomains1764000000900,
];
