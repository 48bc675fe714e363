import type { RerunPin } from '../rerun.js';

/** Idempotency of one create: the same key with the same fingerprint is the same request. */
export interface IdempotencyClaim {
  readonly key: string;
  /** sha256 of route + canonical request + file digests. */
  readonly fingerprint: string;
}

/** The earlier job that a job was made from. */
export interface JobOrigin {
  /** uuid of the job that this one tries again. */
  readonly retriedFrom: string | null;
  /** uuid of the job that this one repeats. */
  readonly rerunOf: string | null;
  /** What a rerun must reproduce. */
  readonly pin: RerunPin | null;
}

/** A validated request, ready to be written. */
export interface NewJob {
  readonly tenantId: string;
  /** uuid, version 7. */
  readonly id: string;
  /** uuid of the tenant's own `maru.analyzers` row; the write proves that it is enabled and the tenant's. */
  readonly analyzerId: string;
  readonly analyzerSlug: string;
  readonly analyzerVersion: string;
  /** 0 interactive, 1 standard, 2 bulk. */
  readonly priority: number;
  readonly maxAttempts: number;
  readonly test: boolean;
  readonly deadline: Date | null;
  /** Public id of the member or key. */
  readonly createdBy: string;
  readonly traceId: string | null;
  readonly inputDigest: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly origin: JobOrigin | null;
  readonly idempotency: IdempotencyClaim | null;
}

/** What became of a write. */
export type SubmissionOutcome =
  /** `xid` is the transaction that wrote it. */
  | { readonly kind: 'created'; readonly createdAt: Date; readonly xid: string }
  /** The key was taken: the job that it made, and the fingerprint that it was made with. */
  | { readonly kind: 'duplicate'; readonly jobId: string; readonly fingerprint: string }
  /** The analyzer is not the tenant's, or was disabled meanwhile. */
  | { readonly kind: 'analyzer_unavailable' };
