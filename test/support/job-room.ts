import type { TestingModule } from '@nestjs/testing';
import type { TenantContext } from '../../src/auth/tenant-context.js';
import { newUuid } from '../../src/common/ids.js';
import { HttpLayerModule } from '../../src/http/http.module.js';
import { CancelRepository } from '../../src/jobs/canceling/cancel.repository.js';
import { JobCancel } from '../../src/jobs/canceling/job-cancel.js';
import { JobReadingModule } from '../../src/jobs/reading/job-reading.module.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { databaseModule } from './database-module.js';
import { WORKER_PROVIDERS } from './job-worker.js';

class JobRoom {}

/** Reads, waits, streams, cancels and a worker's recording, on the database of this test file. */
export function jobRoom(): Promise<TestingModule> {
  const providers = [CancelRepository, JobCancel, ...WORKER_PROVIDERS];
  return databaseModule(HttpLayerModule, {
    module: JobRoom,
    imports: [JobReadingModule, JobStagesModule],
    providers,
    exports: providers,
  });
}

/** A member of this tenant who may do everything with jobs. */
export function contextOf(tenantId: string): TenantContext {
  const scopes = new Set(['jobs:read', 'jobs:write', 'jobs:cancel'] as const);
  return {
    tenantId,
    principal: {
      kind: 'api_key',
      id: newUuid(),
      tenantId,
      role: 'api_key',
      scopes,
      credential: 'api_key',
      sessionId: null,
    },
  };
}
