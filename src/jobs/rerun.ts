import type { JobModel } from './job.js';

/** What a rerun is held to: taken from the receipt and the result of the job that it repeats (`jobs.pin`). */
export interface RerunPin {
  readonly model: JobModel;
  /** `sha256:` digest of the result to reproduce. */
  readonly resultDigest: string;
  readonly deviceType: string;
  readonly batchSize: number;
  /** Of a chain of models: its steps in order, without those that had nothing to run. */
  readonly steps?: readonly PinnedStep[];
}

/** What one step of a chain ran with. */
export interface PinnedStep {
  readonly model: JobModel;
  readonly deviceType: string;
  /** Of its largest inference batch. */
  readonly batchSize: number;
}

/** Whether a rerun reproduced its original (`job_ends.rerun_verdict`, and `rerunVerdict` of the API). */
export interface RerunVerdict {
  readonly match: boolean;
  readonly expectedDigest: string;
  readonly actualDigest: string;
  /** What could not be pinned and was different: `deviceType`, `batchSize`. */
  readonly differs: readonly string[];
}
