import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../common/domain-error.js';
import { uuidOf } from '../common/ids.js';
import type { SchedulerDecisionDto } from './dto/scheduler-decision.dto.js';
import type { SchedulerDto } from './dto/scheduler.dto.js';
import { JobHistoryRepository } from './job-history.repository.js';
import { decisionsOfJob, latestDecisions } from './to-decision-dto.js';
import { toSchedulerDto } from './to-scheduler-dto.js';
import { WorkerStatsRepository } from './worker-stats.repository.js';

/** What the schedulers of all workers do, as of their last heartbeats, and what they did with a job. */
@Injectable()
export class SchedulerView {
  constructor(
    private readonly workers: WorkerStatsRepository,
    private readonly histories: JobHistoryRepository,
  ) {}

  /** Devices and lanes. */
  async now(): Promise<SchedulerDto> {
    return toSchedulerDto(await this.workers.living());
  }

  /** The latest inference batches, newest first. */
  async decisions(): Promise<SchedulerDecisionDto[]> {
    return latestDecisions(await this.workers.living());
  }

  /** Those that ran this job, oldest first. @param jobId public id @throws NotFoundError */
  async decisionsOf(jobId: string): Promise<SchedulerDecisionDto[]> {
    const uuid = uuidOf('job', jobId);
    const segments = uuid ? await this.histories.segments(uuid) : [];
    if (segments.length === 0) throw new NotFoundError();
    return decisionsOfJob(jobId, segments);
  }
}
