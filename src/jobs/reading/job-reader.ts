import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { NotFoundError } from '../../common/domain-error.js';
import { type Job, type StoredResult, unfoldJob } from '../job.js';
import { isTerminal } from '../job-status.js';
import { ResultExpiredError, ResultNotAvailableError } from '../jobs.errors.js';
import { JobsRepository } from './jobs.repository.js';

/** Reads of jobs. Ids are uuids; an unknown id and a foreign one both throw NotFoundError. */
@Injectable()
export class JobReader {
  constructor(private readonly repository: JobsRepository) {}

  async get(context: TenantContext, jobId: string): Promise<Job> {
    const rows = await this.repository.findOne(context.tenantId, jobId);
    if (!rows) throw new NotFoundError();
    return unfoldJob(rows);
  }

  /** Place of a queued job among the tenant's own, from 1; null when it does not wait, or too many are before it. */
  async tenantPosition(context: TenantContext, job: Job): Promise<number | null> {
    if (job.status !== 'queued') return null;
    const ahead = await this.repository.countAhead(context.tenantId, job.rows.priority, job.rows.id);
    return ahead === null ? null : ahead + 1;
  }

  /** The result, whatever its size. Throws ResultNotAvailableError while there is none, ResultExpiredError once it is erased. */
  async result(context: TenantContext, jobId: string): Promise<{ result: StoredResult; expiresAt: string }> {
    const rows = await this.repository.findOne(context.tenantId, jobId, 'whole');
    if (!rows) throw new NotFoundError();
    if (rows.end?.result) return { result: rows.end.result, expiresAt: rows.end.expiresAt };
    if (rows.erasedAt) throw new ResultExpiredError(rows.erasedAt);
    const { status } = unfoldJob(rows);
    throw new ResultNotAvailableError(status, isTerminal(status));
  }
}
