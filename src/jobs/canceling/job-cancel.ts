import { Injectable, Logger } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import type { Job } from '../job.js';
import type { JobStatus } from '../job-status.js';
import { CancelContendedError, InvalidStateTransitionError } from '../jobs.errors.js';
import { JobReader } from '../reading/job-reader.js';
import { CancelRepository } from './cancel.repository.js';

/** A worker flushes a few times a second at most; one repetition is enough in practice. */
const MAX_TRIES = 5;

/** A job in one of these takes a cancel: a canceled one stays so. */
const CANCELABLE: readonly JobStatus[] = ['queued', 'running', 'canceling', 'canceled'];

/** Cancels jobs on behalf of a client. */
@Injectable()
export class JobCancel {
  private readonly log = new Logger(JobCancel.name);

  constructor(
    private readonly repository: CancelRepository,
    private readonly reader: JobReader,
  ) {}

  /**
   * Ends a waiting job at once and asks the worker of a running one; a job that is canceled or canceling stays so.
   * @param jobId uuid
   * @throws NotFoundError, InvalidStateTransitionError when the job ended otherwise
   */
  async cancel(context: TenantContext, jobId: string): Promise<Job> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const step = await this.repository.tryCancel(context.tenantId, jobId);
      if (step === 'contended') continue;
      if (step === 'canceled' || step === 'canceling') await this.announce(context, jobId, step === 'canceling');
      const job = await this.reader.get(context, jobId);
      if (step === 'not_queued' && job.status !== 'canceled')
        throw new InvalidStateTransitionError('canceled', job.status, CANCELABLE, 'It has ended.');
      return job;
    }
    throw new CancelContendedError();
  }

  private async announce(context: TenantContext, jobId: string, workerActs: boolean): Promise<void> {
    await this.repository
      .announce(context.tenantId, jobId, workerActs)
      .catch((error: Error) => this.log.warn(`The cancel of ${jobId} was not announced: ${error.message}`));
  }
}
