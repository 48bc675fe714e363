import { CreateRoles1764000000000 } from './1764000000000-create-roles.js';
import { CreateTenants1764000000100 } from './1764000000100-create-tenants.js';
import { CreateAuth1764000000200 } from './1764000000200-create-auth.js';
import { CreateFiles1764000000300 } from './1764000000300-create-files.js';
import { CreatePartitioning1764000000350 } from './1764000000350-create-partitioning.js';
import { CreateJobs1764000000400 } from './1764000000400-create-jobs.js';
import { CreateDatabaseCare1764000000450 } from './1764000000450-create-database-care.js';
import { CreateSchedulerRecords1764000000500 } from './1764000000500-create-scheduler-records.js';
import { GrantPlatformTimelines1764000000510 } from './1764000000510-grant-platform-timelines.js';

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
];
