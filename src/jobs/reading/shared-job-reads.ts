import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { NotFoundError } from '../../common/domain-error.js';
import { type Job, type JobRows, type Timeline, type TimelineRows, unfoldJob, unfoldTimeline } from '../job.js';
import type { JobDto } from '../dto/job.dto.js';
import { JobsRepository } from './jobs.repository.js';
import { QueueOutlooks } from './queue-outlooks.js';
import { isWaiting } from './queue-view.js';
import { SharedReads } from '../../database/shared-reads.js';
import { stagesOf } from './stage-progress.js';
import { toJobDto } from './to-job-dto.js';

/** Reads on behalf of many clients that follow jobs: few statements, whatever their number. */
@Injectable()
export class SharedJobReads {
  private readonly jobs: SharedReads<JobRows>;
  private readonly timelines: SharedReads<TimelineRows>;
  private readonly places: SharedReads<{ id: string; ahead: number }>;

  constructor(
    repository: JobsRepository,
    private readonly outlooks: QueueOutlooks,
  ) {
    this.jobs = new SharedReads((tenantId, ids) => repository.findMany(tenantId, ids));
    this.timelines = new SharedReads((tenantId, ids) => repository.findTimelines(tenantId, ids));
    this.places = new SharedReads((tenantId, ids) => repository.countAheadOf(tenantId, ids));
  }

  /** The whole job. @param jobId uuid @throws NotFoundError */
  async job(context: TenantContext, jobId: string): Promise<Job> {
    const rows = await this.jobs.get(context.tenantId, jobId);
    if (!rows) throw new NotFoundError();
    return unfoldJob(rows);
  }

  /** Its timeline alone, which is what most changes are about; null when the tenant has no such job. */
  async timeline(tenantId: string, jobId: string): Promise<Timeline | null> {
    const rows = await this.timelines.get(tenantId, jobId);
    return rows && unfoldTimeline(rows);
  }

  /** As JobViews.job: one pass over the tenant's queue for all who ask. */
  async view(context: TenantContext, job: Job): Promise<JobDto> {
    if (!isWaiting(job, stagesOf(job))) return toJobDto(job);
    const [place, outlooks] = await Promise.all([
      job.status === 'queued' ? this.places.get(context.tenantId, job.rows.id) : null,
      this.outlooks.of(context.tenantId),
    ]);
    return toJobDto(job, { tenantPosition: place && place.ahead + 1, outlooks });
  }
}
