import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { publicId } from '../../common/ids.js';
import type { JobDto } from '../dto/job.dto.js';
import type { ResultDto } from '../dto/result.dto.js';
import type { TimelineDto } from '../dto/transition.dto.js';
import type { Job } from '../job.js';
import { JobReader } from './job-reader.js';
import { QueueOutlooks } from './queue-outlooks.js';
import { isWaiting } from './queue-view.js';
import { stagesOf } from './stage-progress.js';
import { toJobDto, toResultDto } from './to-job-dto.js';
import { toTransitionDto } from './to-transition-dto.js';

/** What clients see of one job. */
@Injectable()
export class JobViews {
  constructor(
    private readonly reader: JobReader,
    private readonly outlooks: QueueOutlooks,
  ) {}

  /** The job with its place in the queue, why it waits and until when. */
  async job(context: TenantContext, job: Job): Promise<JobDto> {
    if (!isWaiting(job, stagesOf(job))) return toJobDto(job);
    const [tenantPosition, outlooks] = await Promise.all([
      this.reader.tenantPosition(context, job),
      this.outlooks.of(context.tenantId),
    ]);
    return toJobDto(job, { tenantPosition, outlooks });
  }

  /** The transitions after a seq. */
  async timeline(context: TenantContext, jobId: string, afterSeq: number): Promise<TimelineDto> {
    const { transitions } = await this.reader.get(context, jobId);
    const id = publicId('job', jobId);
    return { data: transitions.slice(afterSeq).map((t) => toTransitionDto(id, t)), deliveries: [] };
  }

  /** The result, whatever its size. */
  async result(context: TenantContext, jobId: string): Promise<ResultDto> {
    const { result, expiresAt } = await this.reader.result(context, jobId);
    return toResultDto(publicId('job', jobId), result, expiresAt);
  }
}
