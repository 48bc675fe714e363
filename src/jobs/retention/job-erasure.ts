import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TenantContext } from '../../auth/tenant-context.js';
import { NotFoundError } from '../../common/domain-error.js';
import { plainArray } from '../../database/array-parameters.js';
import { TenantDb } from '../../database/tenant-db.js';
import { FileStore } from '../../files/file-store.js';
import { JobReader } from '../reading/job-reader.js';
import { eraseJobs, type Erased } from './erase-jobs.js';
import { FORGET_FILES } from './erasure.sql.js';
import { JobNotEndedError } from './retention.errors.js';

const FIND = `
select exists (select from maru.job_ends e where e.tenant_id = j.tenant_id and e.id = j.id) as ended
  from maru.jobs j where j.tenant_id = $1 and j.id = $2`;

/** Erases the data of one job because its tenant asks for it. The tombstone stays: status, timeline, digest, usage. */
@Injectable()
export class JobErasure {
  private readonly log = new Logger(JobErasure.name);

  constructor(
    private readonly db: TenantDb,
    private readonly reader: JobReader,
    private readonly store: FileStore,
  ) {}

  /**
   * Does nothing to a job that is erased already.
   * @param jobId uuid
   * @throws NotFoundError, JobNotEndedError
   */
  async erase(context: TenantContext, jobId: string): Promise<void> {
    const { tenantId } = context;
    const erased = await this.db.run(tenantId, (manager) => eraseOne(manager, tenantId, jobId));
    if (erased === 'not_found') throw new NotFoundError();
    if (erased === 'not_ended') throw new JobNotEndedError((await this.reader.get(context, jobId)).status);
    if (erased.files.length === 0) return;
    // Nobody can reach these bytes any more; should this process die here, the next housekeeping removes them.
    await this.removeBytes(tenantId, erased.files).catch((error: Error) =>
      this.log.warn(`bytes of ${erased.files.length} erased files stay until housekeeping: ${error.message}`),
    );
  }

  private async removeBytes(tenantId: string, files: readonly string[]): Promise<void> {
    for (const file of files) await this.store.remove(tenantId, file);
    await this.db.one(tenantId, { text: FORGET_FILES, values: [tenantId, plainArray(files)] });
  }
}

async function eraseOne(
  manager: EntityManager,
  tenantId: string,
  jobId: string,
): Promise<Erased | 'not_found' | 'not_ended'> {
  const [job] = await manager.query<{ ended: boolean }[]>(FIND, [tenantId, jobId]);
  if (!job) return 'not_found';
  if (!job.ended) return 'not_ended';
  return eraseJobs((text, values) => manager.query(text, values), tenantId, [jobId]);
}
