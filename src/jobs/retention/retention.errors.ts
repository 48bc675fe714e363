import { DomainError } from '../../common/domain-error.js';
import type { JobStatus } from '../job-status.js';

/** The data of a job that has not ended is still needed. */
export class JobNotEndedError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(currentStatus: JobStatus) {
    super(`The job is ${currentStatus} and its data is needed. Cancel it, or wait until it has ended, then erase.`);
    this.extensions = { currentStatus, allowed: currentStatus === 'canceling' ? [] : ['canceled'] };
  }
}
