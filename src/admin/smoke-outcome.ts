import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import type { JobDto } from '../jobs/dto/job.dto.js';
import { toJobDto } from '../jobs/reading/to-job-dto.js';
import { JobWaiter } from '../jobs/watching/job-waiter.js';
import { operatorContext } from './operator-context.js';

/** How the first job of a tenant went. */
export type SmokeReport = Pick<
  JobDto,
  'id' | 'status' | 'analyzer' | 'model' | 'createdAt' | 'finishedAt' | 'result' | 'error'
>;

/** Waits for the first job of a tenant. Its input is made up, so its result tells nothing of anybody. */
@Injectable()
export class SmokeOutcome {
  constructor(private readonly waiter: JobWaiter) {}

  /** The job when it has ended, or as it is when the time is over. @param jobId uuid of a smoke job */
  async of(tenantId: string, jobId: string, waitMs: number, actor: AuditActor): Promise<SmokeReport> {
    const context = operatorContext(tenantId, actor);
    const job = await this.waiter.untilEnded(context, jobId, waitMs, new AbortController().signal);
    const { id, status, analyzer, model, createdAt, finishedAt, result, error } = toJobDto(job);
    return { id, status, analyzer, model, createdAt, finishedAt, result, error };
  }
}
