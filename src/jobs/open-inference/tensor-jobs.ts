import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { loadTensor, type StoredTensor } from '../../analyzers/tensor/stored-tensor.js';
import { RawTensorAnalyzer, type TensorInput } from '../../analyzers/tensor/raw-tensor-analyzer.js';
import { principalPublicId } from '../../auth/principal.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { canonicalJson, digestOf } from '../../common/canonical-json.js';
import { newUuid, publicId } from '../../common/ids.js';
import type { NamedTensor } from '../../inference/open-inference/named-tensor.js';
import { DEFAULT_MAX_ATTEMPTS } from '../dto/create-job.dto.js';
import { BANDS, type Job } from '../job.js';
import { isTerminal } from '../job-status.js';
import { JobReader } from '../reading/job-reader.js';
import { IdempotentWrites } from '../submission/idempotent-writes.js';
import type { NewJob } from '../submission/new-job.js';
import { JobWaiter } from '../watching/job-waiter.js';
import { InferenceUnavailableError, TensorsRefusedError } from './open-inference.errors.js';
import type { TenantModel } from './tenant-models.js';

/** How a request wants its job. */
export interface TensorJobOptions {
  readonly idempotencyKey: string | null;
  readonly traceId: string | null;
  /** The job must have ended by then; it expires unbilled when it has not begun. */
  readonly waitMs: number;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
}

export interface TensorJobAnswer {
  /** Public id. */
  readonly jobId: string;
  /** Of the model that ran; another one may have taken over since the request came. */
  readonly modelVersion: string;
  readonly outputs: readonly NamedTensor[];
}

/** Runs tensors through a model as a job like any other: stored, queued among the tenant's work, billed. */
@Injectable()
export class TensorJobs {
  constructor(
    private readonly writes: IdempotentWrites,
    private readonly waiter: JobWaiter,
    private readonly reader: JobReader,
  ) {}

  /**
   * @throws TensorsRefusedError when the model cannot take the input
   * @throws InferenceUnavailableError when there are no outputs in time, or not now
   * @throws as JobSubmission.submit, when the job is not taken in
   */
  async run(
    context: TenantContext,
    target: TenantModel,
    input: TensorInput,
    options: TensorJobOptions,
  ): Promise<TensorJobAnswer> {
    const { idempotencyKey: key, waitMs, signal } = options;
    const fingerprint = fingerprintOf(target.model.name, input);
    const { job } = await this.writes.once(context, key === null ? null : { key, fingerprint }, async () =>
      newJobOf(context, target, input, options),
    );
    const ended = await this.waiter.untilEnded(context, job.rows.id, waitMs, signal);
    if (ended.status !== 'succeeded') throw whyNot(ended, waitMs);
    const { result } = await this.reader.result(context, job.rows.id);
    const outputs = (result.data['outputs'] as readonly StoredTensor[]).map(loadTensor);
    const modelVersion = ended.rows.end?.model?.version ?? target.model.version;
    return { jobId: publicId('job', job.rows.id), modelVersion, outputs };
  }
}

function whyNot(job: Job, waitMs: number): Error {
  const id = publicId('job', job.rows.id);
  const error = job.rows.end?.error ?? null;
  if (!isTerminal(job.status)) {
    return new InferenceUnavailableError(`The job ${id} has not ended within ${waitMs / 1000} s.`, id);
  }
  if (job.status !== 'failed' || !error) return new InferenceUnavailableError(`The job ${id} is ${job.status}.`, id);
  if (error.retryable) return new InferenceUnavailableError(error.message, id);
  return new TensorsRefusedError('/inputs', error.message);
}

function fingerprintOf(model: string, input: TensorInput): string {
  return createHash('sha256')
    .update(`POST /v2/models/${model}/infer ${canonicalJson(input)}`)
    .digest('hex');
}

function newJobOf(
  context: TenantContext,
  { model, analyzerId, isOwn }: TenantModel,
  input: TensorInput,
  { traceId, waitMs }: TensorJobOptions,
): Omit<NewJob, 'idempotency'> {
  const { slug, version } = new RawTensorAnalyzer({ name: model.name, isOwn }).definition;
  return {
    tenantId: context.tenantId,
    id: newUuid(),
    analyzerId,
    analyzerSlug: slug,
    analyzerVersion: version,
    priority: BANDS.indexOf('standard'),
    maxAttempts: DEFAULT_MAX_ATTEMPTS,
    test: false,
    deadline: new Date(Date.now() + waitMs),
    createdBy: principalPublicId(context.principal),
    traceId,
    inputDigest: digestOf(input),
    metadata: {},
    input: { ...input },
    origin: null,
  };
}
